#pragma once

#include "polyloop/frames/adaptive.hpp"
#include "polyloop/frames/blur.hpp"
#include "polyloop/frames/chain.hpp"
#include "polyloop/frames/colour.hpp"
#include "polyloop/frames/convolution.hpp"
#include "polyloop/frames/gradient.hpp"
#include "polyloop/frames/histogram.hpp"
#include "polyloop/frames/median.hpp"
#include "polyloop/frames/morphology.hpp"
#include "polyloop/frames/named_filter.hpp"
#include "polyloop/frames/point.hpp"
#include "polyloop/frames/resize.hpp"
#include "polyloop/frames/temporal.hpp"

/// Filters of frames: all headers.
///
/// Common to all of them:
///  - They run as parallel loops over rows, on the backend and the workers of
///    the caller's scope, with the options that the caller gives (label,
///    schedule, stop, deadline).
///  - SIMD by Google Highway: a program has the code of several instruction sets, and
///    takes the best that the machine has.
///  - Same bits on every backend, with any schedule and any number of workers, and with
///    every instruction set: integers are exact, and sums of floats have a fixed order, without
///    fused multiplication and addition.
///  - The result tells finished or stopped; `iterations` counts rows, rounded
///    up to whole bands. A stopped filter leaves rows of the output unwritten.
///  - Shapes are checked before anything is written: invalid_argument names
///    the argument, its shape and the expected one. So is overlap of an input
///    with the output, which only the filters of point.hpp and those that say so
///    support, where both are the same; interleaved parts of one frame (a left and a
///    right half) do not overlap.
///  - A frame without pixels is filtered by doing nothing. 1 x 1 and odd sizes
///    are frames like others. Samples between rows (width * channels to
///    stride) are neither read nor written. Rows may begin at any address of a sample.
///  - NaN and infinite samples spread over the windows in which they are; made an integer,
///    NaN is 0 and what lies beyond the range is its limit.
///  - Thread-safe for distinct outputs. Scratch memory: a few rows per band.
namespace polyloop::frames {}
