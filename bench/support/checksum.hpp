#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

namespace polyloop::bench {

/// A 64-bit hash of a sequence of byte ranges: a result changed by one bit has
/// another one. Four lanes of 8 bytes, each multiplied and rotated in the
/// manner of xxHash; for telling results apart, not for secrets.
class checksum {
 public:
  void add(std::span<const std::byte> bytes);

  /// The bytes of a value without padding.
  template <class T>
  requires std::is_arithmetic_v<T>
  void add_value(T value) { add(std::as_bytes(std::span<const T, 1>(&value, 1))); }

  std::uint64_t value() const;

 private:
  void mix(std::size_t lane, std::uint64_t word);

  std::array<std::uint64_t, 4> lanes_ = {0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9,
                                         0x27d4eb2f165667c5};
  std::uint64_t length_ = 0;
};

/// Sixteen hexadecimal digits.
std::string hexadecimal(std::uint64_t value);

}  // namespace polyloop::bench
