#pragma once

#include <string>

#include "frames/rows.hpp"

namespace polyloop::bench {

/// The first frames of a video, enlarged to `width` x `height` where it has another size.
/// Throws input_error where OpenCV cannot read it.
pictures load_pictures(const std::string& video, index_t width, index_t height);

}  // namespace polyloop::bench
