#pragma once

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/input.hpp"

namespace polyloop::reductions {

namespace detail {
template <compiled T>
double log_sum_exp(const input<T>& x, const loop_options& options);
}  // namespace detail

/// log(sum of exp(x[i])) in double, in one pass and without overflow: each stretch is shifted by its greatest
/// element. -infinity of none and of -infinities only; infinity if there is one; NaN of a NaN. int64 values
/// are rounded to double first.
template <sequence X>
double log_sum_exp(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) { return detail::log_sum_exp(in, options); });
}

}  // namespace polyloop::reductions
