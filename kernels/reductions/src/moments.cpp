#include "polyloop/reductions/moments.hpp"

#include <cmath>

#include "instances.hpp"
#include "moment_stretches.hpp"

namespace polyloop::reductions {

double moments_of::mean() const {
  if (count_ < 1) throw too_few_elements(count_, 1);
  return mean_;
}

double moments_of::variance(variance_of kind) const {
  const index_t lost = kind == variance_of::sample ? 1 : 0;
  if (count_ < 1 + lost) throw too_few_elements(count_, 1 + lost);
  return squares_ / static_cast<double>(count_ - lost);
}

double moments_of::standard_deviation(variance_of kind) const {
  return std::sqrt(variance(kind));
}

moments_of merged(const moments_of& a, const moments_of& b) {
  if (a.count_ == 0) return b;
  if (b.count_ == 0) return a;
  const double na = static_cast<double>(a.count_);
  const double nb = static_cast<double>(b.count_);
  const double apart = b.mean_ - a.mean_;
  const double share = nb / (na + nb);
  return {a.count_ + b.count_, a.mean_ + apart * share,
          a.squares_ + b.squares_ + apart * apart * (na * share)};
}

double shape_of::skewness() const {
  if (count() < 1) throw too_few_elements(count(), 1);
  return cubes_ / static_cast<double>(count()) / std::pow(spread_.variance(variance_of::population), 1.5);
}

double shape_of::kurtosis() const {
  if (count() < 1) throw too_few_elements(count(), 1);
  const double variance = spread_.variance(variance_of::population);
  return fourths_ / static_cast<double>(count()) / (variance * variance) - 3;
}

shape_of merged(const shape_of& a, const shape_of& b) {
  if (a.count() == 0) return b;
  if (b.count() == 0) return a;
  const double na = static_cast<double>(a.count());
  const double nb = static_cast<double>(b.count());
  const double n = na + nb;
  const double apart = b.spread_.mean() - a.spread_.mean();
  const double squares_a = a.spread_.sum_of_squares();
  const double squares_b = b.spread_.sum_of_squares();
  const double cubes = a.cubes_ + b.cubes_ + apart * apart * apart * na * nb * (na - nb) / (n * n) +
                       3 * apart * (na * squares_b - nb * squares_a) / n;
  const double fourths =
      a.fourths_ + b.fourths_ +
      apart * apart * apart * apart * na * nb * (na * na - na * nb + nb * nb) / (n * n * n) +
      6 * apart * apart * (na * na * squares_b + nb * nb * squares_a) / (n * n) +
      4 * apart * (na * b.cubes_ - nb * a.cubes_) / n;
  return {merged(a.spread_, b.spread_), cubes, fourths};
}

namespace detail {

template <compiled T>
moments_of moments(const input<T>& x, const loop_options& options) {
  const auto each = [f = functions_for<T>()](const stretch<T>& part) { return stretch_moments(f, part); };
  return reduce<moment_stretch_bytes>(x, merging<moments_of>{}, each, options);
}

template <compiled T>
shape_of shape(const input<T>& x, const loop_options& options) {
  const auto each = [f = functions_for<T>()](const stretch<T>& part) { return stretch_shape(f, part); };
  return reduce<shape_stretch_bytes>(x, merging<shape_of>{}, each, options);
}

#define POLYLOOP_MOMENTS(T)                                          \
  template moments_of moments(const input<T>&, const loop_options&); \
  template shape_of shape(const input<T>&, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_MOMENTS)

}  // namespace detail

}  // namespace polyloop::reductions
