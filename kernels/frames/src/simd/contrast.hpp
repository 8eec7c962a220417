#pragma once

#include <cstdint>

#include "polyloop/index.hpp"

/// Rows of CLAHE, of 8 bits if nothing else is said. Tables have an entry for each value.
namespace polyloop::frames::detail {

/// Fractional bits of the entries of tables weighed down the frame, of their weights, and of those across.
inline constexpr int entry_bits = 6;
inline constexpr int down_bits = 15;
inline constexpr int across_bits = 14;

/// The tables around a pixel of 16 bits, from the upper left, and the weight of the lower two.
struct four_tables {
  const std::uint16_t* of[4];
  float down;
};

/// Makes a table: table[v] = scale times the sum of counts[u] + more, u <= v, rounded to nearest, ties to
/// even, at most the last value. The sums are below 2^31. The counts become 0.
template <class T>
using sum_up_function = void (*)(std::uint32_t* counts, std::uint32_t more, float scale, T* table);

struct contrast_rows {
  /// out = above + weight (below - above), with entry_bits; the weight with down_bits.
  void (*weigh)(const std::uint8_t* above, const std::uint8_t* below, std::int16_t weight, std::int16_t* out);
  /// Entries of two tables side by side, the left one in the lower half.
  void (*pair)(const std::int16_t* left, const std::int16_t* right, std::int32_t* out);
  /// out[i] = left + weights[i] (right - left) of the entries for in[i], rounded to nearest; across_bits.
  void (*look_up)(const std::uint8_t* in, const std::int32_t* pairs, const std::int32_t* weights,
                  index_t count, std::uint8_t* out);
  /// 16 bit: out[i] = the entries for in[i], those on the right weighed by across[i], rounded to nearest,
  /// ties to even.
  void (*look_up_words)(const std::uint16_t* in, const four_tables& tables, const float* across,
                        index_t count, std::uint16_t* out);
  sum_up_function<std::uint8_t> sum_up_bytes;
  sum_up_function<std::uint16_t> sum_up_words;
};
contrast_rows contrasting();

}  // namespace polyloop::frames::detail
