#pragma once

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/input.hpp"

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

/// The same with the third and fourth moments.
class shape_of {
 public:
  shape_of() = default;
  shape_of(const moments_of& spread, double cubes, double fourths)
      : spread_(spread), cubes_(cubes), fourths_(fourths) {}

  index_t count() const noexcept { return spread_.count(); }
  const moments_of& moments() const noexcept { return spread_; }
  /// The third moment about the mean over the third power of the standard deviation, of the population. NaN
  /// where all elements are equal. Throws too_few_elements for none.
  double skewness() const;
  /// The fourth moment about the mean over the square of the variance, less the 3 of a normal distribution
  /// (excess kurtosis), of the population. NaN where all elements are equal. Throws too_few_elements for
  /// none.
  double kurtosis() const;

  /// The shape of both sets together (P. Pebay, "Formulas for robust, one-pass parallel computation of
  /// covariances and arbitrary-order statistical moments", 2008).
  friend shape_of merged(const shape_of& a, const shape_of& b);

 private:
  moments_of spread_;
  double cubes_ = 0;
  double fourths_ = 0;
};

namespace detail {

template <compiled T>
moments_of moments(const input<T>& x, const loop_options& options);
template <compiled T>
shape_of shape(const input<T>& x, const loop_options& options);

}  // namespace detail

/// Number, mean and spread of the elements, in one pass over the memory, in
/// double. In each stretch the distances from its first element and their squares are added up, or, where much
/// would cancel, it is gone through twice, for its mean and for the distances from that; the stretches are
/// merged by Chan's formula. So a mean far from 0 costs little: with k = mean / standard deviation the
/// relative error of the variance is about (1e-16 k)^2, of the textbook formula 1e-16 k^2. int64 values are
/// rounded to double first. A NaN or an infinity makes NaNs.
template <sequence X>
moments_of moments(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) { return detail::moments(in, options); });
}

/// Number, mean, spread, skewness and kurtosis, in one pass over the memory; all else as for moments.
template <sequence X>
shape_of shape(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) { return detail::shape(in, options); });
}

/// The mean in double. Throws too_few_elements for none.
template <sequence X>
double mean(const X& x, const loop_options& options = {}) {
  return moments(x, options).mean();
}

/// The variance in double. Throws too_few_elements for none, and for one that is a sample.
template <sequence X>
double variance(const X& x, variance_of kind = variance_of::sample, const loop_options& options = {}) {
  return moments(x, options).variance(kind);
}

/// shape(x).skewness()
template <sequence X>
double skewness(const X& x, const loop_options& options = {}) {
  return shape(x, options).skewness();
}

/// shape(x).kurtosis()
template <sequence X>
double kurtosis(const X& x, const loop_options& options = {}) {
  return shape(x, options).kurtosis();
}

}  // namespace polyloop::reductions
