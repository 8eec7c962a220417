#include "kernels/inputs.hpp"

#include <filesystem>

namespace polyloop::bench {

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
