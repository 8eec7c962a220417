#pragma once

#include <optional>
#include <vector>

#include "polyloop/frames/convolution.hpp"
#include "simd/window_weighing.hpp"

namespace polyloop::frames::detail {

/// A window whose weights are whole numbers of 2^-shift, for 8-bit samples: pairs of weights for pairs of
/// rows, of a row of the output and of the one below it.
struct narrow_window {
  pair_weights by() const { return {width, height, shift, upper.data(), lower.data()}; }

  index_t width = 1;
  index_t height = 1;
  int shift = 0;
  std::vector<sample_pair> upper;
  std::vector<sample_pair> lower;
};

/// None where 16 bits are not enough: all weights together would change a sum by more than 1/8.
std::optional<narrow_window> narrowed(const weighed_window& exact);

}  // namespace polyloop::frames::detail
