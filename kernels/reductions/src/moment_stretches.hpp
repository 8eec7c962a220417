#pragma once

#include "polyloop/reductions/moments.hpp"
#include "simd/stretch_functions.hpp"
#include "stretches.hpp"

namespace polyloop::reductions {

/// A stretch is gone through twice: the second way reads the first-level cache, and the merge is one in
/// a thousand operations.
inline constexpr std::size_t moment_stretch_bytes = 8 << 10;

template <class Moments>
struct merging {
  using value_type = Moments;
  static Moments identity() { return {}; }
  Moments operator()(const Moments& a, const Moments& b) const { return merged(a, b); }
};

template <class T>
double stretch_mean(const stretch_functions<T>& f, const stretch<T>& x) {
  return f.sum_in_double(x.data, x.size) / static_cast<double>(x.size);
}

template <class T>
moments_of stretch_moments(const stretch_functions<T>& f, const stretch<T>& x) {
  const double mean = stretch_mean(f, x);
  return {static_cast<index_t>(x.size), mean, f.squared_distances(x.data, x.size, mean)};
}

template <class T>
shape_of stretch_shape(const stretch_functions<T>& f, const stretch<T>& x) {
  const double mean = stretch_mean(f, x);
  const distance_powers powers = f.distance_powers_of(x.data, x.size, mean);
  return {{static_cast<index_t>(x.size), mean, powers.squares}, powers.cubes, powers.fourths};
}

}  // namespace polyloop::reductions
