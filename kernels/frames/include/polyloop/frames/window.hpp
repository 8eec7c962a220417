#pragma once

#include "polyloop/frames/border.hpp"
#include "polyloop/index.hpp"

namespace polyloop::frames {

/// The largest width and height of a window.
inline constexpr index_t most_window_side = 2049;

/// The pixels around a pixel: width x height of them, each at least 1 and at
/// most most_window_side. Column width / 2 and row height / 2, rounded down and
/// counted from 0, are those of the pixel itself. A window may be larger than
/// the frame.
struct window {
  index_t width = 3;
  index_t height = 3;
  border edge = {};
};

}  // namespace polyloop::frames
