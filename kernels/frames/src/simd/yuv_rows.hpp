#pragma once

#include <cstdint>

#include "polyloop/index.hpp"

namespace polyloop::frames::detail {

/// A weight in 256ths as 256 upper + lower, so that products fit 16 bits.
struct split_weight {
  std::int16_t upper;
  std::int16_t lower;
};

struct to_rgb_weights {
  std::int16_t offset;
  split_weight y, rv, gu, gv, bu;
};

struct from_rgb_weights {
  std::int16_t offset;
  std::int16_t y[3];
  std::int16_t u[3];
  std::int16_t v[3];
};

/// What a row of chroma adds to R, G and B, for each pixel of its two rows: 256 upper + lower.
struct chroma_lines {
  std::int16_t* upper[3];
  std::int16_t* lower[3];
};

struct yuv_rows {
  void (*chroma)(const std::uint8_t* u, const std::uint8_t* v, const to_rgb_weights& by, index_t width,
                 const chroma_lines& out);
  void (*to_rgb)(const std::uint8_t* y, const chroma_lines& chroma, const to_rgb_weights& by, index_t width,
                 std::uint8_t* rgb);
  void (*luma)(const std::uint8_t* rgb, const from_rgb_weights& by, index_t width, std::uint8_t* y);
  /// Of the pixels at even places of the upper row, or of the means of 2 x 2.
  void (*corners)(const std::uint8_t* upper, const std::uint8_t* lower, const from_rgb_weights& by,
                  index_t width, std::uint8_t* u, std::uint8_t* v);
  void (*means)(const std::uint8_t* upper, const std::uint8_t* lower, const from_rgb_weights& by,
                index_t width, std::uint8_t* u, std::uint8_t* v);
};
yuv_rows yuv();

}  // namespace polyloop::frames::detail
