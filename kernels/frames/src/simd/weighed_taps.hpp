#pragma once

#include <span>

#include "polyloop/index.hpp"
#include "tables.hpp"

namespace polyloop::frames::detail {

/// Weighed sums of rows, in float, each beginning with 0.
template <class T>
struct tap_rows {
  /// lines[k][i] = the sum of weights[t * lines.size() + k] * taps[t][i], in the order of t; as many taps as
  /// the weights are for.
  void (*columns)(const T* const* taps, std::span<const float> weights, index_t count,
                  std::span<float* const> lines);
  /// out[i] = the sum of weights[t] * taps[t][i], in the order of t.
  void (*along)(std::span<const float* const> taps, std::span<const float> weights, index_t count, T* out);
};
for_each_sample<tap_rows> weighed_taps();

}  // namespace polyloop::frames::detail
