#pragma once

#include <span>

#include "polyloop/index.hpp"
#include "tables.hpp"

namespace polyloop::frames::detail {

/// A sample around the centre: where it is in rows of floats, and the binary logarithm of its weight by
/// distance.
struct bilateral_tap {
  const float* planes[4];
  float decay;
};

/// A row of a bilateral filter. taps[t].planes[c][i] is sample i of channel c, of `channels` that lie apart;
/// so is the centre. `range` is what the squared difference is multiplied by in the logarithm.
template <class T>
struct bilateral_rows {
  void (*apply)(std::span<const bilateral_tap> taps, const bilateral_tap& centre, float range,
                index_t channels, index_t count, T* out);
  /// planes[c][x] = in[x * channels + c].
  void (*split)(const T* in, index_t channels, index_t width, float* const* planes);
};
for_each_sample<bilateral_rows> bilateral();

}  // namespace polyloop::frames::detail
