#pragma once

#include <vector>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/lines.hpp"

namespace polyloop::reductions {

/// Means of some variables, and how they vary together. That of two sets of observations makes that of their
/// union: see merged.
class covariance_of {
 public:
  covariance_of() = default;
  /// `products`: the sums of the products of the distances from the means, a square matrix row by row.
  covariance_of(index_t count, std::vector<double> means, std::vector<double> products)
      : count_(count), means_(std::move(means)), products_(std::move(products)) {}

  /// Observations.
  index_t count() const noexcept { return count_; }
  index_t variables() const noexcept { return static_cast<index_t>(means_.size()); }
  /// Throw too_few_elements as moments_of does, and invalid_argument for a variable that is not there.
  double mean(index_t i) const;
  double covariance(index_t i, index_t j, variance_of kind = variance_of::sample) const;
  /// In [-1, 1], but for rounding; NaN where one of them does not vary.
  double correlation(index_t i, index_t j) const;

  /// All of them, a square matrix row by row (which is its columns too).
  std::vector<double> covariances(variance_of kind = variance_of::sample) const;
  std::vector<double> correlations() const;

  friend covariance_of merged(const covariance_of& a, const covariance_of& b);

 private:
  double product(index_t i, index_t j) const;

  index_t count_ = 0;
  std::vector<double> means_;
  std::vector<double> products_;
};

/// The covariances of the columns of a matrix, whose rows are observations, in double and one pass over the
/// memory; a NaN or an infinity makes those of its column NaNs. Stretches are gone through twice, as for
/// moments.
///
/// O(rows columns^2) work, memory for columns^2 numbers per block of rows (up to 1024 blocks, of 1024 rows or
/// more).
template <class T>
covariance_of covariance(const matrix_view<T>& m, const loop_options& options = {});

}  // namespace polyloop::reductions
