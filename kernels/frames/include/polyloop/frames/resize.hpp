#pragma once

#include <cstdint>

#include "polyloop/frames/view.hpp"
#include "polyloop/loop_options.hpp"

/// Frames of another size. What they have in common with all filters is in filters.hpp.
namespace polyloop::frames {

/// How the samples between samples are made. Sample i of n lies at (i + 1/2) / n of the frame, in each
/// direction.
enum class interpolation : unsigned char {
  nearest,   ///< the sample floor(i * scale), scale = size of the input / size of the output, as OpenCV's
  bilinear,  ///< of the two nearest, by distance
  area,      ///< the mean of what the sample covers of the input; enlarged, samples are repeated
  bicubic,   ///< of the four nearest (R. Keys, 1981, with a = -3/4, as OpenCV's)
  lanczos    ///< of the eight nearest (the window of C. Lanczos with a = 4)
};

/// The frame in the size of `out`, channel by channel, of 1 to 4 channels, as many in both. Beyond the border
/// the outermost pixels are repeated. An input without pixels has no frame of another size: throws unless the
/// output has none too.
///
/// Separable, in float: the weighed rows first, then along them, each sum in the order of the samples; to
/// integers rounded to nearest, ties to even, and cut to the range. 8 bit at exactly half the width and
/// height, bilinear or area: (a + b + c + d + 2) / 4 of each 2 x 2, rounded down. 8 bit else, of at most 16
/// samples in each direction, where four neighbouring samples of the output and their next ones are within 16
/// of a row: along the rows first, to 1/64, by weights of 2^-14, then between rows by weights of 2^-15, each
/// product rounded to 1/64: within 3/4 of the exact sum.
/// Within 1 of OpenCV's for 8 bit, and for lanczos, whose weights there are rounded, within 2.
///
/// O(samples of the output * taps). Throws invalid_argument for channels, shapes or overlap.
loop_result resize(view<const std::uint8_t> in, view<std::uint8_t> out, interpolation how,
                   const loop_options& options = {});
loop_result resize(view<const std::uint16_t> in, view<std::uint16_t> out, interpolation how,
                   const loop_options& options = {});
loop_result resize(view<const float> in, view<float> out, interpolation how,
                   const loop_options& options = {});

}  // namespace polyloop::frames
