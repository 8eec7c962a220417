#pragma once

#include <vector>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/input.hpp"

namespace polyloop::reductions {

/// Bins of equal width from `low` to `high`. Bin i holds edge(i) <= x < edge(i + 1), the last one `high` too.
struct bins {
  double low = 0;
  double high = 1;
  index_t count = 10;

  /// Where bin i begins, i = 0 .. count.
  double edge(index_t i) const;
};

/// How many elements are in each bin, beside them, and not numbers.
struct histogram_of {
  bins of;
  std::vector<index_t> counts;
  index_t below = 0;
  index_t above = 0;
  index_t nans = 0;
};

namespace detail {
template <compiled T>
histogram_of histogram(const input<T>& x, const bins& of, const loop_options& options);
template <compiled T>
bins automatic_bins(const input<T>& x, const loop_options& options);
}  // namespace detail

/// Counts the elements in each bin; NaNs are counted apart. int64 values are rounded to double first. Throws
/// invalid_argument unless low < high, both finite, and count > 0.
template <sequence X>
histogram_of histogram(const X& x, const bins& of, const loop_options& options = {}) {
  return detail::with_input(x, [&](const auto& in) { return detail::histogram(in, of, options); });
}

/// Bins from the least element to the greatest, as narrow as the finer of the rules of D. Freedman and P.
/// Diaconis (1981) and H. Sturges (1926) wants them, at most 65,536. Equal elements: one bin of width 1
/// around them. Throws too_few_elements for none, and invalid_argument for elements that are not finite.
template <sequence X>
bins automatic_bins(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&](const auto& in) { return detail::automatic_bins(in, options); });
}

/// histogram(x, automatic_bins(x))
template <sequence X>
histogram_of histogram(const X& x, const loop_options& options = {}) {
  return histogram(x, automatic_bins(x, options), options);
}

}  // namespace polyloop::reductions
