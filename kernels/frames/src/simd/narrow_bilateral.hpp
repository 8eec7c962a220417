#pragma once

#include <cstdint>
#include <span>

#include "polyloop/index.hpp"

/// Rows of a bilateral filter of 8 bits, in integers of 16 and 32 bits.
namespace polyloop::frames::detail {

/// A sample around the centre: where it is, and how far its weight has fallen by its distance.
struct narrow_tap {
  const std::uint16_t* planes[4];
  std::uint16_t decay;
};

/// With q = factor * min(difference, most), a sample weighs 2^(15 - f / 4096), where
///
///     f = min(((q^2 >> 16) * square >> 16) + decay, 65535),
///
/// up to a factor of 1 +- 0.003, cut to a whole number.
struct narrow_falling {
  std::uint16_t most;
  std::uint16_t factor;
  std::uint16_t square;
};

struct narrow_bilateral_rows {
  /// `count` pixels: the mean of the taps, an even number of them, by their weights, whose sum is below 2^16.
  /// Planes are read to the end of a vector.
  void (*apply)(std::span<const narrow_tap> taps, const narrow_tap& centre, const narrow_falling& by,
                index_t channels, index_t count, std::uint8_t* out);
  /// planes[c][x] = in[x * channels + c].
  void (*split)(const std::uint8_t* in, index_t channels, index_t width, std::uint16_t* const* planes);
};
narrow_bilateral_rows narrow_bilateral();

}  // namespace polyloop::frames::detail
