#include "support/checksum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace polyloop::bench {

namespace {
constexpr std::uint64_t odd = 0x9e3779b185ebca87;
constexpr std::size_t word_bytes = sizeof(std::uint64_t);
}  // namespace

void checksum::mix(std::size_t lane, std::uint64_t word) {
  lanes_[lane] = std::rotl(lanes_[lane] + word * odd, 31) * odd;
}

void checksum::add(std::span<const std::byte> bytes) {
  length_ += bytes.size();
  while (!bytes.empty()) {
    std::array<std::uint64_t, 4> words = {};
    const std::size_t taken = std::min(bytes.size(), words.size() * word_bytes);
    std::memcpy(words.data(), bytes.data(), taken);
    for (std::size_t lane = 0; lane < words.size(); ++lane) mix(lane, words[lane]);
    bytes = bytes.subspan(taken);
  }
}

std::uint64_t checksum::value() const {
  std::uint64_t all = length_;
  for (const std::uint64_t lane : lanes_) {
    all = (all ^ lane) * odd;
    all ^= all >> 32;
  }
  return all;
}

std::string hexadecimal(std::uint64_t value) {
  return fmt::format("{:016x}", value);
}

}  // namespace polyloop::bench
