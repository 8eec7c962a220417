#pragma once

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/input.hpp"

/// Norms are computed in double (int64 values are rounded to it) and are 0 of no elements. Of a NaN they are
/// NaN, else of an infinity infinite.
namespace polyloop::reductions {

namespace detail {

template <compiled T>
double norm1(const input<T>& x, const loop_options& options);
template <compiled T>
double norm2(const input<T>& x, const loop_options& options);
template <compiled T>
double norm_infinity(const input<T>& x, const loop_options& options);

}  // namespace detail

/// The sum of the magnitudes.
template <sequence X>
double norm1(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) { return detail::norm1(in, options); });
}

/// The root of the sum of the squares. Where that leaves the range of double, or is so small that squares
/// were lost, the elements are gone through twice more, scaled by a power of two: no overflow or underflow
/// but that of the norm itself.
template <sequence X>
double norm2(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) { return detail::norm2(in, options); });
}

/// The greatest magnitude.
template <sequence X>
double norm_infinity(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) { return detail::norm_infinity(in, options); });
}

}  // namespace polyloop::reductions
