#pragma once

#include <cstdint>
#include <vector>

#include "polyloop/frames/view.hpp"
#include "polyloop/frames/window.hpp"
#include "polyloop/loop_options.hpp"

/// Filters that take the least or the greatest of the samples around one. What they have in common
/// with all filters is in filters.hpp.
namespace polyloop::frames {

/// The least (erode) or the greatest (dilate) sample of a window, channel by channel, of 1 to 4 channels.
/// Both frames have the same shape. Exact, and equal to OpenCV's where that has the same border. Of
/// samples that are NaN any one may be the result.
///
/// Three operations a sample down the columns whatever the height, and the logarithm of
/// the width along the rows: O(samples * log(width)).
/// Throws invalid_argument for the window, channels, shapes or overlap.
loop_result erode(view<const std::uint8_t> in, view<std::uint8_t> out, const window& of = {},
                  const loop_options& options = {});
loop_result erode(view<const std::uint16_t> in, view<std::uint16_t> out, const window& of = {},
                  const loop_options& options = {});
loop_result erode(view<const float> in, view<float> out, const window& of = {},
                  const loop_options& options = {});
loop_result dilate(view<const std::uint8_t> in, view<std::uint8_t> out, const window& of = {},
                   const loop_options& options = {});
loop_result dilate(view<const std::uint16_t> in, view<std::uint16_t> out, const window& of = {},
                   const loop_options& options = {});
loop_result dilate(view<const float> in, view<float> out, const window& of = {},
                   const loop_options& options = {});

/// A structuring element: the pixels of a window that count, row by row.
struct structuring_element {
  window of;
  /// of.width * of.height values, at least one of them true.
  std::vector<bool> members;
};

/// The same over the pixels of a structuring element, which is not mirrored for either. O(samples * members).
loop_result erode(view<const std::uint8_t> in, view<std::uint8_t> out, const structuring_element& element,
                  const loop_options& options = {});
loop_result erode(view<const std::uint16_t> in, view<std::uint16_t> out, const structuring_element& element,
                  const loop_options& options = {});
loop_result erode(view<const float> in, view<float> out, const structuring_element& element,
                  const loop_options& options = {});
loop_result dilate(view<const std::uint8_t> in, view<std::uint8_t> out, const structuring_element& element,
                   const loop_options& options = {});
loop_result dilate(view<const std::uint16_t> in, view<std::uint16_t> out, const structuring_element& element,
                   const loop_options& options = {});
loop_result dilate(view<const float> in, view<float> out, const structuring_element& element,
                   const loop_options& options = {});

}  // namespace polyloop::frames
