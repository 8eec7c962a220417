#pragma once

#include <cstdint>
#include <span>

#include "polyloop/index.hpp"
#include "tables.hpp"

/// Weighed sums over windows whose weights are no product, for several rows of the output at once: a vector
/// of samples is fetched once for all of them.
namespace polyloop::frames::detail {

/// Rows of the output that are made at once.
inline constexpr index_t window_rows_together = 2;

template <class T>
struct window_rows {
  void (*to_float)(const T* from, index_t count, float* to);
  /// out[r][i] = the sum, from 0, of weights[t * width + k] * taps[r + t][i + k * step], row by row, for
  /// `rows` of at most window_rows_together rows.
  void (*apply)(const float* const* taps, std::span<const float> weights, index_t width, index_t step,
                index_t count, std::span<T* const> out);
};
for_each_sample<window_rows> window_weighing();

/// A sample and the one below it, in the lower and the upper half.
using sample_pair = std::int32_t;

/// Weights in 2^-shift of 16 bits each, in pairs as those of the samples, for a row of the output and the one
/// below it: the pairs of one window stand one place lower in the other.
struct pair_weights {
  index_t width = 1;
  index_t height = 1;  ///< of pairs
  int shift = 0;
  const sample_pair* upper = nullptr;  ///< height rows of width
  const sample_pair* lower = nullptr;
};

struct pair_rows {
  /// out[i] = the pair of above[i] and below[i].
  void (*join)(const std::uint8_t* above, const std::uint8_t* below, index_t count, sample_pair* out);
  /// Two rows of the output: sums of weight * taps[t][i + k * step], exact, rounded to nearest, ties to even,
  /// and cut to 8 bits.
  void (*apply)(const sample_pair* const* taps, const pair_weights& by, index_t step, index_t count,
                std::uint8_t* upper, std::uint8_t* lower);
};
pair_rows pair_weighing();

}  // namespace polyloop::frames::detail
