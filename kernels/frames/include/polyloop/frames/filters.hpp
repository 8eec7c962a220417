#pragma once

#include <cstdint>

#include "polyloop/frames/blur.hpp"
#include "polyloop/frames/gradient.hpp"
#include "polyloop/frames/morphology.hpp"
#include "polyloop/frames/view.hpp"
#include "polyloop/loop_options.hpp"

/// Filters of frames.
///
/// Common to all of them:
///  - They run as parallel loops over rows, on the backend and the workers of
///    the caller's scope, with the options that the caller gives (label,
///    schedule, stop, deadline). Same bits on every backend, with any schedule
///    and any number of workers.
///  - The result tells finished or stopped; `iterations` counts rows, rounded
///    up to whole bands of at most 16 rows. A stopped filter leaves rows of
///    the output unwritten.
///  - Shapes are checked before anything is written: invalid_argument names
///    the argument, its shape and the expected one. So is overlap of an input
///    with the output, which no filter supports; interleaved parts of one
///    frame (a left and a right half) do not overlap.
///  - A frame without pixels is filtered by doing nothing. 1 x 1 and odd sizes
///    are frames like others. Samples between rows (width * channels to
///    stride) are neither read nor written.
///  - Thread-safe for distinct outputs. Scratch memory: a few rows per band.
namespace polyloop::frames {

/// Luma of interleaved R, G, B, by the weights of ITU-R BT.601:
///
///     8 bit: (77 R + 150 G + 29 B + 128) >> 8     rounded to nearest; gray stays as it is
///     float: 0.299 R + 0.587 G + 0.114 B          in this order
///
/// The 8-bit form is within 1 of the exactly weighted sum. `rgb` has 3 channels,
/// `gray` the same width and height and 1 channel. O(pixels).
loop_result grayscale(view<const std::uint8_t> rgb, view<std::uint8_t> gray,
                      const loop_options& options = {});
loop_result grayscale(view<const float> rgb, view<float> gray, const loop_options& options = {});

/// Interleaved RGB (3 channels, 0 to 255) of 4:2:0 planes in the limited range
/// of ITU-R BT.601 (luma 16 to 235, chroma 16 to 240 around 128):
///
///     c = 298 (Y - 16), d = U - 128, e = V - 128
///     R = (c + 409 e + 128) >> 8            each cut to 0 .. 255
///     G = (c - 100 d - 208 e + 128) >> 8
///     B = (c + 516 d + 128) >> 8
///
/// A chroma sample holds for its 2 x 2 pixels (nearest, whatever the siting).
/// U and V are (width + 1) / 2 x (height + 1) / 2, one channel each. O(pixels).
loop_result yuv420_to_rgb(const yuv_planes& planes, view<std::uint8_t> rgb, const loop_options& options = {});

}  // namespace polyloop::frames
