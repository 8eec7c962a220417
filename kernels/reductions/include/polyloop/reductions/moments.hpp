#pragma once

#include <span>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/contiguous.hpp"

namespace polyloop::reductions {

/// What a variance is of: all there is (divided by n), or a sample of it (divided by n - 1).
enum class variance_of : unsigned char { population, sample };

/// Number, mean and spread of a set of numbers. Those of two sets make those
/// of their union: see merged.
class moments_of {
 public:
  moments_of() = default;
  moments_of(index_t count, double mean, double squares) : count_(count), mean_(mean), squares_(squares) {}

  index_t count() const noexcept { return count_; }
  /// Throws too_few_elements for none.
  double mean() const;
  /// Throws too_few_elements for none, and for one that is a sample.
  double variance(variance_of kind = variance_of::sample) const;
  /// The root of the variance.
  double standard_deviation(variance_of kind = variance_of::sample) const;
  /// The sum of the squared distances from the mean; 0 for none.
  double sum_of_squares() const noexcept { return squares_; }

  /// The moments of both sets together (T. Chan, G. Golub, R. LeVeque, "Updating
  /// formulae and a pairwise algorithm for computing sample variances", 1979).
  friend moments_of merged(const moments_of& a, const moments_of& b);

 private:
  index_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

namespace detail {

moments_of moments(std::span<const float> x, const loop_options& options);
moments_of moments(std::span<const double> x, const loop_options& options);
moments_of moments(std::span<const std::int32_t> x, const loop_options& options);
moments_of moments(std::span<const std::int64_t> x, const loop_options& options);

}  // namespace detail

/// Number, mean and spread of the elements, in one pass over the memory, in
/// double. Stretches that fit the first-level cache are gone through twice, for
/// their mean and for the distances from it, and merged by Chan's formula, so
/// that a mean far from 0 costs little: with k = mean / standard deviation the
/// relative error of the variance is about (1e-16 k)^2, of the textbook formula 1e-16 k^2. int64 values are
/// rounded to double first. Infinities make NaNs.
template <contiguous X>
moments_of moments(const X& x, const loop_options& options = {}) {
  return detail::moments(elements(x), options);
}

/// The mean in double. Throws too_few_elements for none.
template <contiguous X>
double mean(const X& x, const loop_options& options = {}) {
  return moments(x, options).mean();
}

/// The variance in double. Throws too_few_elements for none, and for one that is a sample.
template <contiguous X>
double variance(const X& x, variance_of kind = variance_of::sample, const loop_options& options = {}) {
  return moments(x, options).variance(kind);
}

}  // namespace polyloop::reductions
