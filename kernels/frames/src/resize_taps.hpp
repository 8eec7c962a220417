#pragma once

#include <vector>

#include "polyloop/frames/resize.hpp"
#include "polyloop/index.hpp"

namespace polyloop::frames::detail {

/// What each place of an output is made of: `taps` samples from first[i] on, which may lie beyond the
/// border, by weights[i * taps + t]; their sum is 1.
struct resize_taps {
  index_t taps = 0;
  std::vector<index_t> first;
  std::vector<float> weights;
};

resize_taps taps_for(interpolation how, index_t in_size, index_t out_size);

/// How many places beyond a row of so many, on either side, the taps reach.
index_t reach_beyond(const resize_taps& of, index_t size);

}  // namespace polyloop::frames::detail
