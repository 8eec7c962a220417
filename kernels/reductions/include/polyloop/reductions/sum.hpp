#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/input.hpp"

namespace polyloop::reductions {

/// The type of a sum or product of T: T for a floating type, int64 for an integer.
template <element T>
using sum_type = std::conditional_t<std::floating_point<T>, T, std::int64_t>;

namespace detail {

template <compiled T>
sum_type<T> sum(const input<T>& x, const loop_options& options);
template <compiled T>
sum_type<T> product(const input<T>& x, const loop_options& options);
template <compiled T>
sum_type<T> dot(const input<T>& x, const input<T>& y, const loop_options& options);
template <compiled T>
double compensated_sum(const input<T>& x, const loop_options& options);

}  // namespace detail

/// The sum of the elements; 0 of none.
///
/// Floating types: pairwise beyond the lanes of a stretch (of floats every 4096 are
/// added up in float, and these sums in double and rounded once), so that the error grows with the
/// logarithm of n rather than with n (N. Higham, "The accuracy of floating
/// point summation", 1993). Integers: in int64, modulo 2^64; a sum of fewer
/// than 2^32 elements of at most 32 bits is exact.
template <sequence X>
sum_type<detail::element_of<X>> sum(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) { return detail::sum(in, options); });
}

/// The sum of floats or doubles in double with the rounding errors added up beside it (T. Ogita, S. Rump, S.
/// Oishi, "Accurate sum and dot product", 2005): as if computed in twice the precision and rounded once. The
/// relative error is at most 2^-53 + n^2 2^-104 times the condition, sum |x| / |sum x|. Not for elements near
/// the greatest double, whose partial sums overflow.
template <sequence X>
requires std::floating_point<detail::element_of<X>> detail::element_of<X> compensated_sum(
    const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) {
    return static_cast<detail::element_of<X>>(detail::compensated_sum(in, options));
  });
}

/// The product of the elements; 1 of none. Floats in double, rounded once; integers
/// modulo 2^64. An overflow or underflow on the way stays.
template <sequence X>
sum_type<detail::element_of<X>> product(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) { return detail::product(in, options); });
}

/// The sum of x[i] * y[i]; 0 of none. Products of floating types are rounded
/// before they are added; those of integers of at most 32 bits are exact, all else as for sum.
/// Throws invalid_argument if the lengths differ.
template <sequence X, sequence Y>
requires std::same_as<detail::read_of<X>, detail::read_of<Y>> sum_type<detail::element_of<X>> dot(
    const X& x, const Y& y, const loop_options& options = {}) {
  return detail::with_inputs(x, y,
                             [&options](const auto& a, const auto& b) { return detail::dot(a, b, options); });
}

}  // namespace polyloop::reductions
