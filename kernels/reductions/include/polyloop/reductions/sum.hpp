#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/contiguous.hpp"

namespace polyloop::reductions {

/// The type of a sum of T: T for a floating type, int64 for an integer.
template <element T>
using sum_type = std::conditional_t<std::floating_point<T>, T, std::int64_t>;

namespace detail {

float sum(std::span<const float> x, const loop_options& options);
double sum(std::span<const double> x, const loop_options& options);
std::int64_t sum(std::span<const std::int32_t> x, const loop_options& options);
std::int64_t sum(std::span<const std::int64_t> x, const loop_options& options);

float dot(std::span<const float> x, std::span<const float> y, const loop_options& options);
double dot(std::span<const double> x, std::span<const double> y, const loop_options& options);
std::int64_t dot(std::span<const std::int32_t> x, std::span<const std::int32_t> y,
                 const loop_options& options);
std::int64_t dot(std::span<const std::int64_t> x, std::span<const std::int64_t> y,
                 const loop_options& options);

}  // namespace detail

/// The sum of the elements; 0 of none.
///
/// Floating types: pairwise beyond the lanes of a block (a float's blocks are
/// added in double and rounded once), so that the error grows with the
/// logarithm of n rather than with n (N. Higham, "The accuracy of floating
/// point summation", 1993). Integers: in int64, modulo 2^64; a sum of fewer
/// than 2^32 int32 elements is exact.
template <contiguous X>
sum_type<detail::element_of<X>> sum(const X& x, const loop_options& options = {}) {
  return detail::sum(elements(x), options);
}

/// The sum of x[i] * y[i]; 0 of none. Products of floating types are rounded
/// before they are added; those of int32 are exact, all else as for sum.
/// Throws invalid_argument if the lengths differ.
template <contiguous X, contiguous Y>
requires std::same_as<detail::element_of<X>, detail::element_of<Y>> sum_type<detail::element_of<X>> dot(
    const X& x, const Y& y, const loop_options& options = {}) {
  return detail::dot(elements(x), elements(y), options);
}

}  // namespace polyloop::reductions
