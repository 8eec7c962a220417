#include "support/input.hpp"

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

}  // namespace polyloop::bench
