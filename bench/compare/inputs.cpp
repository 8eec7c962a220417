#include "compare/inputs.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace polyloop::bench {

std::string read_file(const std::string& path) {
  const auto refuse = [&path](const std::string& reason) -> std::string {
    throw input_error(path + ": cannot be read: " + reason);
  };
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(path, problem);
  if (problem) return refuse(problem.message());
  std::string bytes(size, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size)))
    return refuse(std::generic_category().message(errno));
  return bytes;
}

std::string input_label(const std::string& file, const std::string& label) {
  if (file.empty()) return "generated";
  return label.empty() ? "real: " + std::filesystem::path(file).filename().string() : label;
}

std::uint64_t scrambled(std::uint64_t n) {
  n = (n + 1) * 0x9e3779b97f4a7c15;
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
  n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
  return n ^ (n >> 31);
}

}  // namespace polyloop::bench
