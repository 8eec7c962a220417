#pragma once

#include <cstdint>

#include "polyloop/frames/view.hpp"
#include "polyloop/frames/window.hpp"
#include "polyloop/loop_options.hpp"

/// Filters that go by the samples around each place rather than by those of the whole frame. What they have
/// in common with all filters is in filters.hpp.
namespace polyloop::frames {

/// What a pixel is compared with, and what becomes of it.
struct adaptive_mean {
  /// Pixels on each side of the window: odd, 1 to most_window_side. It may be larger than the frame.
  index_t side = 11;
  /// Subtracted from the mean: finite.
  double below = 2;
  /// What becomes of pixels above the limit; the others become 0.
  std::uint8_t high = 255;
  /// The other way round: 0 above the limit, else `high`.
  bool inverted = false;
  border edge = {};
};

/// Compares each pixel of a frame of one channel with the mean of the window around it, less `below`:
///
///     high where in > mean - ceil(below), else 0      inverted: 0 where in > mean - floor(below), else high
///
/// The mean is that of integers, rounded to nearest, exact for windows of any size (an odd number of pixels
/// has no ties). Equal to OpenCV's adaptiveThreshold by ADAPTIVE_THRESH_MEAN_C, whose border is `replicate`
/// and whose C is `below`; of windows of more than 127 x 127 OpenCV rounds the mean itself in single
/// precision, and pixels whose exact mean lies within 1e-4 of a half may differ.
///
/// Both frames have the same shape. O(pixels * log(side)). Throws invalid_argument for side, below, channels,
/// shapes or overlap.
loop_result adaptive_threshold(view<const std::uint8_t> in, view<std::uint8_t> out,
                               const adaptive_mean& how = {}, const loop_options& options = {});

/// How contrast is spread: by tiles of the frame, and how far.
struct contrast_tiles {
  /// Tiles in a row and one below the other: 1 to most_contrast_tiles each.
  index_t across = 8;
  index_t down = 8;
  /// The most pixels that a value may have in a tile, in units of what each would have were all alike: counts
  /// above it are spread over all values. 0 or infinite: no limit; at least one pixel. 0 or positive.
  double clip_limit = 40;
};

inline constexpr index_t most_contrast_tiles = 256;

/// Contrast limited adaptive equalization (CLAHE): each tile of a frame of one channel has a table that
/// spreads its values, and a pixel is looked up in those of the four tiles nearest to it, weighed by the
/// distance to their centres (bilinear). A frame that tiles do not divide is mirrored (reflect101) at the
/// right and below, to the next multiple in both directions.
///
/// With n pixels in a tile and v values (256 of 8 bit, 65536 of 16): counts above max(1, floor(clip_limit n /
/// v)) are cut, and what is cut is dealt out evenly, the rest of r one each to every max(1, v / r)-th value
/// from 0 on. The table is the running sum of counts, times the float (v - 1) / n, rounded to nearest, ties
/// to even.
///
/// 16 bit: weighed in float, and equal to OpenCV's createCLAHE. 8 bit: within 1 of it (rarely apart at all).
/// The weights are multiples of 2^-15 down and 2^-14 across, and the tables of two tiles are weighed once for
/// a row and rounded to 1/64, which makes it two lookups in one for each pixel instead of four.
///
/// Both frames have the same shape. O(pixels + tiles * v); 256 bytes of scratch for a tile, of 16 bit 128
/// KiB. Throws invalid_argument for the tiles, clip_limit, channels, shapes (a tile of 2^31 pixels among
/// them) or overlap, and stopped where the options end the counting early. (K. Zuiderveld, "Contrast limited
/// adaptive histogram equalization", 1994.)
loop_result clahe(view<const std::uint8_t> in, view<std::uint8_t> out, const contrast_tiles& how = {},
                  const loop_options& options = {});
loop_result clahe(view<const std::uint16_t> in, view<std::uint16_t> out, const contrast_tiles& how = {},
                  const loop_options& options = {});

}  // namespace polyloop::frames
