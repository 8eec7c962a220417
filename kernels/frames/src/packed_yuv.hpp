#pragma once

#include "polyloop/frames/colour.hpp"

/// Planes Y, U and V (4:2:0) one below the other in a frame of one channel, 3/2 as high as the picture: two
/// rows of chroma beside each other in a row of the frame. The picture's sides are even.
namespace polyloop::frames::detail {

shape packed_yuv_shape(const shape& rgb);
shape rgb_shape(const shape& packed);

/// Throw invalid_argument for odd sides, naming width or height, and for shapes and overlap.
loop_result rgb_to_packed_yuv(const view<const std::uint8_t>& rgb, const view<std::uint8_t>& packed,
                              const yuv_format& format, const loop_options& options);
loop_result packed_yuv_to_rgb(const view<const std::uint8_t>& packed, const view<std::uint8_t>& rgb,
                              const yuv_format& format, const loop_options& options);

}  // namespace polyloop::frames::detail
