#pragma once

#include <span>
#include <vector>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/input.hpp"

namespace polyloop::reductions {

/// Counts of elements in bins that grow with the magnitude, from which quantiles are told within a relative
/// error. What it tells depends on the set of elements only, not on their order or on how sketches of parts
/// were merged.
///
/// A bin is what the exponent and the first `bits` bits of a double's mantissa have in common (as in G.
/// Tene's HdrHistogram, and in DDSketch, C. Masson et al., 2019). Memory: 8 * 2^bits bytes for each exponent
/// and sign that occurs, and 96 KiB.
class quantile_sketch {
 public:
  /// bits: 0 to 16. Throws invalid_argument for others.
  explicit quantile_sketch(int bits = 7);

  void add(double x);
  /// Adds what another one has counted. Throws invalid_argument if it has other bits.
  void merge(const quantile_sketch& other);

  /// How many numbers were added; NaNs are not among them.
  index_t count() const noexcept { return count_; }
  index_t nans() const noexcept { return nans_; }
  /// 2^-(bits + 1)
  double relative_error() const noexcept;
  /// The element of rank floor(q (count - 1)) in ascending order, within the relative error; below 2^-1022
  /// within 2^-1022. Throws too_few_elements for none, and invalid_argument for q outside [0, 1].
  double quantile(double q) const;

 private:
  int bits_;
  index_t count_ = 0;
  index_t nans_ = 0;
  std::vector<std::vector<index_t>> pages_;  // by sign and exponent, in the order of the values
};

namespace detail {
template <compiled T>
std::vector<double> quantiles(const input<T>& x, std::span<const double> at, const loop_options& options);
template <compiled T>
quantile_sketch sketch(const input<T>& x, int bits, const loop_options& options);
}  // namespace detail

/// The quantiles of the elements, exactly: for each q the element of rank q (n - 1), and between two of them
/// the linear interpolation (type 7 of R. Hyndman and Y. Fan, "Sample quantiles in statistical packages",
/// 1996), in double. NaNs if there is a NaN. Throws too_few_elements for none, and invalid_argument for a q
/// outside [0, 1].
///
/// By selection: two passes, O(n), and a sort of the elements that share the upper 16 bits with a result.
template <sequence X>
std::vector<double> quantiles(const X& x, std::span<const double> at, const loop_options& options = {}) {
  return detail::with_input(x, [&](const auto& in) { return detail::quantiles(in, at, options); });
}

/// One of them.
template <sequence X>
double quantile(const X& x, double q, const loop_options& options = {}) {
  return quantiles(x, std::span<const double>(&q, 1), options).front();
}

/// quantile(x, 0.5)
template <sequence X>
double median(const X& x, const loop_options& options = {}) {
  return quantile(x, 0.5, options);
}

/// The sketch of the elements, in one pass.
template <sequence X>
quantile_sketch sketch(const X& x, int bits = 7, const loop_options& options = {}) {
  return detail::with_input(x, [&](const auto& in) { return detail::sketch(in, bits, options); });
}

}  // namespace polyloop::reductions
