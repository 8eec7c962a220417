#pragma once

#include <string>

#include "frames/rows.hpp"

namespace polyloop::bench {

/// Frames of a video, enlarged to `width` x `height` where it has another size; generated ones without a
/// video. Throws input_error where OpenCV cannot read it.
pictures load_pictures(const std::string& video, index_t width, index_t height);

}  // namespace polyloop::bench
