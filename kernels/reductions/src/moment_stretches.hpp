#pragma once

#include <algorithm>
#include <cmath>

#include "polyloop/reductions/moments.hpp"
#include "simd/stretch_functions.hpp"
#include "stretches.hpp"

namespace polyloop::reductions {

/// Moments are found in one way through a stretch. What comes between two of them, the folds and a merge
/// with its divisions, cost a tenth of the time of 8 KiB.
inline constexpr std::size_t moment_stretch_bytes = 32 << 10;
/// The shape is found in two ways: the second one reads the first-level cache.
inline constexpr std::size_t shape_stretch_bytes = 8 << 10;

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
moments_of moments_in_two_ways(const stretch_functions<T>& f, const stretch<T>& x) {
  const double mean = stretch_mean(f, x);
  return {static_cast<index_t>(x.size), mean, f.squared_distances(x.data, x.size, mean)};
}

/// The moments of n elements from the sums of their distances from one of them. careful(): where the sums
/// overflow, there are infinities, or that element is so far from the others that more than four bits cancel.
template <class Careful>
moments_of moments_from(const distance_sums& sums, double from, index_t n, const Careful& careful) {
  const double mean = sums.distances / static_cast<double>(n);
  const double squares = sums.squares - sums.distances * mean;
  const bool exact = sums.squares == 0;  // all are alike
  if (exact || (std::isfinite(sums.squares) && squares * 16 >= sums.squares))
    return {n, from + mean, squares};
  return careful();
}

template <class T>
moments_of stretch_moments(const stretch_functions<T>& f, const stretch<T>& x) {
  const auto from = static_cast<double>(x.data[0]);
  return moments_from(f.distance_sums_of(x.data, x.size, from), from, static_cast<index_t>(x.size),
                      [&] { return moments_in_two_ways(f, x); });
}

template <class T>
shape_of stretch_shape(const stretch_functions<T>& f, const stretch<T>& x) {
  const moments_of spread = stretch_moments(f, x);
  const distance_powers powers = f.distance_powers_of(x.data, x.size, spread.mean());
  return {spread, powers.cubes, powers.fourths};
}

}  // namespace polyloop::reductions
