#pragma once

#include <cstdint>
#include <vector>

#include "polyloop/frames/view.hpp"
#include "polyloop/frames/window.hpp"
#include "polyloop/loop_options.hpp"

/// Weighed sums of the samples around one. What they have in common with all filters is in filters.hpp.
namespace polyloop::frames {

/// A window with a weight for each of its pixels, row by row: of.width * of.height finite numbers.
struct weighed_window {
  window of;
  std::vector<float> weights;
};

/// out(x, y) = the sum of weight (i, j) * in(x + i - width / 2, y + j - height / 2), channel by channel, of 1
/// to 4 channels: a correlation, as OpenCV's filter2D is; turn the window by 180 degrees for a convolution in
/// the strict sense. Both frames have the same shape.
///
/// Sums of floats, row by row of the window; to integers rounded to nearest, ties to even, and cut to the
/// range. If the weights are the product of a column and a row (within 2^-20 of the largest), the columns are
/// weighed once: O(samples * (width + height)), else O(samples * width * height). Else 8 bit: weights as
/// whole numbers of a power of two in 16 bits, where that changes no sum by more than 1/8; the sums are exact
/// then. Within 1 of OpenCV's for 8 bit. Pixels that are NaN or infinite reach all of their window, by
/// weights of 0 too.
///
/// Throws invalid_argument for the window, weights, channels, shapes or overlap.
loop_result convolve(view<const std::uint8_t> in, view<std::uint8_t> out, const weighed_window& by,
                     const loop_options& options = {});
loop_result convolve(view<const std::uint16_t> in, view<std::uint16_t> out, const weighed_window& by,
                     const loop_options& options = {});
loop_result convolve(view<const float> in, view<float> out, const weighed_window& by,
                     const loop_options& options = {});

}  // namespace polyloop::frames
