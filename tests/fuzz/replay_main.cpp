// Runs a fuzz target over a folder of inputs, without a fuzzer: the corpora are tests.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

void replay(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw std::filesystem::filesystem_error("cannot read", file, std::make_error_code(std::errc::io_error));
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", arguments[0]);
    return 2;
  }
  std::string current = arguments[1];
  try {
    const auto files = files_in(current);
    for (const auto& file : files) {
      current = file.string();
      replay(file);
    }
    std::printf("replayed %zu inputs\n", files.size());
    return files.empty() ? 1 : 0;
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "%s: %s\n", current.c_str(), failed.what());
    return 1;
  }
}
