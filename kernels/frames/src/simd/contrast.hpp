#pragma once

#include <cstdint>

#include "polyloop/index.hpp"

/// Rows of CLAHE of 8 bits. Tables have 256 entries.
namespace polyloop::frames::detail {

/// Fractional bits of the entries of tables weighed down the frame, of their weights, and of those across.
inline constexpr int entry_bits = 6;
inline constexpr int down_bits = 15;
inline constexpr int across_bits = 14;

struct contrast_rows {
  /// out = above + weight (below - above), with entry_bits; the weight with down_bits.
  void (*weigh)(const std::uint8_t* above, const std::uint8_t* below, std::int16_t weight, std::int16_t* out);
  /// Entries of two tables side by side, the left one in the lower half.
  void (*pair)(const std::int16_t* left, const std::int16_t* right, std::int32_t* out);
  /// out[i] = left + weights[i] (right - left) of the entries for in[i], rounded to nearest; across_bits.
  void (*look_up)(const std::uint8_t* in, const std::int32_t* pairs, const std::int32_t* weights,
                  index_t count, std::uint8_t* out);
};
contrast_rows contrasting();

}  // namespace polyloop::frames::detail
