#pragma once

#include <cstdint>
#include <span>

#include "polyloop/index.hpp"
#include "tables.hpp"

/// Rows of symmetric kernels. Weights are from the centre outwards,
/// radius + 1 of them; taps are 2 radius + 1 rows, and one more for each further row that is made of them at
/// once: what a vector of it reads is then in the first-level cache.
namespace polyloop::frames::detail {

/// The largest radius that the 8-bit form is for: its error stays below a
/// quarter, and a constant frame as it is.
inline constexpr index_t most_narrow_radius = 32;

struct narrow_rows {
  /// lines[r][i] = (weighed sum of taps[r + t][i]) * 128 for `rows` lines; see gaussian_blur. Weights
  /// are multiples of 2^-16, the first of them below 1.
  void (*columns)(const std::uint8_t* const* taps, index_t rows, std::span<const std::uint16_t> weights,
                  index_t count, std::uint16_t* const* lines);
  /// The same along a row of such sums, whose neighbours are `step` samples apart, back to 8 bits.
  void (*along)(const std::uint16_t* line, std::span<const std::uint16_t> weights, index_t step,
                index_t count, std::uint8_t* out);
};
narrow_rows narrow_weighing();

/// out[i] = w0 centre + w1 (before + after) + ..., in this order.
template <class T>
struct float_rows {
  void (*columns)(const T* const* taps, index_t rows, std::span<const float> weights, index_t count,
                  float* const* lines);
  void (*along)(const float* line, std::span<const float> weights, index_t step, index_t count, T* out);
};
for_each_sample<float_rows> float_weighing();

}  // namespace polyloop::frames::detail
