#pragma once

#include <cstdint>

#include "polyloop/frames/view.hpp"
#include "polyloop/loop_options.hpp"

/// Frames in other colours. What they have in common with all filters is in filters.hpp.
namespace polyloop::frames {

/// Luma of interleaved R, G, B, by the weights of ITU-R BT.601:
///
///     8 bit:  (77 R + 150 G + 29 B + 128) >> 8     rounded to nearest; gray stays as it is
///     16 bit: (19595 R + 38470 G + 7471 B + 32768) >> 16
///     float:  0.299 R + 0.587 G + 0.114 B          in this order
///
/// The 8-bit form is within 1 of the exactly weighted sum, and of OpenCV's. `rgb` has 3 channels,
/// `gray` the same width and height and 1 channel. O(pixels).
loop_result grayscale(view<const std::uint8_t> rgb, view<std::uint8_t> gray,
                      const loop_options& options = {});
loop_result grayscale(view<const std::uint16_t> rgb, view<std::uint16_t> gray,
                      const loop_options& options = {});
loop_result grayscale(view<const float> rgb, view<float> gray, const loop_options& options = {});

/// The weights of luma and chroma: ITU-R BT.601 or BT.709.
enum class colour_matrix : unsigned char { bt601, bt709 };
/// Luma of 16 to 235 and chroma of 16 to 240, or both of 0 to 255; chroma around 128.
enum class colour_range : unsigned char { limited, full };
/// What a chroma sample stands for: the upper left of its 2 x 2 pixels, as in OpenCV, or the mean of all,
/// rounded to nearest.
enum class chroma_siting : unsigned char { corner, mean };

struct yuv_format {
  colour_matrix matrix = colour_matrix::bt601;
  colour_range range = colour_range::limited;
  chroma_siting siting = chroma_siting::mean;
};

/// Interleaved RGB (3 channels, 0 to 255) of 4:2:0 planes:
///
///     c = y (Y - Y0), d = U - 128, e = V - 128
///     R = (c + rv e + 128) >> 8             each cut to 0 .. 255
///     G = (c + gu d + gv e + 128) >> 8
///     B = (c + bu d + 128) >> 8
///
///                         y   Y0    rv    gu    gv    bu
///     BT.601 limited    298   16   409  -100  -208   516
///     BT.601 full       256    0   359   -88  -183   454
///     BT.709 limited    298   16   459   -55  -136   541
///     BT.709 full       256    0   403   -48  -120   475
///
/// A chroma sample holds for its 2 x 2 pixels (nearest, whatever the siting). Within 1 of OpenCV's (BT.601
/// limited). U and V are (width + 1) / 2 x (height + 1) / 2, one channel each. O(pixels).
loop_result yuv420_to_rgb(const yuv_planes& planes, view<std::uint8_t> rgb, const yuv_format& format,
                          const loop_options& options = {});
/// BT.601, limited.
loop_result yuv420_to_rgb(const yuv_planes& planes, view<std::uint8_t> rgb, const loop_options& options = {});

/// Planes to write to.
struct writable_yuv_planes {
  view<std::uint8_t> y;
  view<std::uint8_t> u;
  view<std::uint8_t> v;
};

/// 4:2:0 planes of interleaved RGB, of the shapes as above:
///
///     Y = (yr R + yg G + yb B + 128) >> 8, plus Y0
///     U = (ur R + ug G + ub B + 127) >> 8, plus 128
///     V = (vr R + vg G + vb B + 127) >> 8, plus 128
///
///                         yr   yg   yb     ur   ug   ub     vr    vg   vb
///     BT.601 limited      66  129   25    -38  -74  112    112   -94  -18
///     BT.601 full         77  150   29    -43  -85  128    128  -107  -21
///     BT.709 limited      47  157   16    -26  -86  112    112  -102  -10
///     BT.709 full         54  183   19    -29  -99  128    128  -116  -12
///
/// At the right and lower border of odd sizes the outermost pixels are repeated. Within 1 of OpenCV's (BT.601
/// limited, corner). O(pixels).
loop_result rgb_to_yuv420(view<const std::uint8_t> rgb, const writable_yuv_planes& planes,
                          const yuv_format& format = {}, const loop_options& options = {});

}  // namespace polyloop::frames
