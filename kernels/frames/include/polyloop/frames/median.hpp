#pragma once

#include <cstdint>

#include "polyloop/frames/border.hpp"
#include "polyloop/frames/view.hpp"
#include "polyloop/loop_options.hpp"

/// The median of the samples around one. What it has in common with all filters is in filters.hpp.
namespace polyloop::frames {

/// The largest radius of a median: as many samples as 16 bits count.
inline constexpr index_t most_median_radius = 127;

/// A square of 2 radius + 1 pixels on each side.
struct median_square {
  index_t radius = 1;
  border edge = {};
};

/// The middle one of the sorted samples of a square, channel by channel, of 1 to 4 channels; both frames have
/// the same shape. Exact, and equal to OpenCV's where that has the same border (replicate). Of samples that
/// are NaN the result is any sample.
///
/// Radius 1 and 2: sorting networks over sorted columns. 8 bit of a larger radius: counts under
/// the window, in a time that does not depend on the radius, and about 1 KiB of scratch for each of a few
/// hundred columns a band. 16 bit and float of a larger radius: selection, O(samples * radius^2). (S.
/// Perreault, P. Hebert, "Median filtering in constant time", 2007; the counts are cumulative here, so that
/// a rank is found by one comparison of vectors.)
/// Throws invalid_argument for the radius, channels, shapes or overlap.
loop_result median(view<const std::uint8_t> in, view<std::uint8_t> out, const median_square& of = {},
                   const loop_options& options = {});
loop_result median(view<const std::uint16_t> in, view<std::uint16_t> out, const median_square& of = {},
                   const loop_options& options = {});
loop_result median(view<const float> in, view<float> out, const median_square& of = {},
                   const loop_options& options = {});

}  // namespace polyloop::frames
