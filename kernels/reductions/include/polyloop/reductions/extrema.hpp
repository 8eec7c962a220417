#pragma once

#include <span>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/contiguous.hpp"

namespace polyloop::reductions {

/// An extreme value and where it is first found.
template <class T>
struct extremum {
  T value;
  index_t index;
  friend bool operator==(const extremum&, const extremum&) = default;
};

template <class T>
struct extrema {
  extremum<T> minimum;
  extremum<T> maximum;
  friend bool operator==(const extrema&, const extrema&) = default;
};

namespace detail {

extremum<float> minimum(std::span<const float> x, const loop_options& options);
extremum<double> minimum(std::span<const double> x, const loop_options& options);
extremum<std::int32_t> minimum(std::span<const std::int32_t> x, const loop_options& options);
extremum<std::int64_t> minimum(std::span<const std::int64_t> x, const loop_options& options);

extremum<float> maximum(std::span<const float> x, const loop_options& options);
extremum<double> maximum(std::span<const double> x, const loop_options& options);
extremum<std::int32_t> maximum(std::span<const std::int32_t> x, const loop_options& options);
extremum<std::int64_t> maximum(std::span<const std::int64_t> x, const loop_options& options);

extrema<float> minmax(std::span<const float> x, const loop_options& options);
extrema<double> minmax(std::span<const double> x, const loop_options& options);
extrema<std::int32_t> minmax(std::span<const std::int32_t> x, const loop_options& options);
extrema<std::int64_t> minmax(std::span<const std::int64_t> x, const loop_options& options);

}  // namespace detail

/// The least element and its index; of equal ones the first (-0.0 and 0.0 are
/// equal). If there are NaNs: the first of them, and its index. Throws
/// too_few_elements if x is empty.
///
/// The pass over the memory looks for the value only; the index is then looked
/// for in the one block that holds it.
template <contiguous X>
extremum<detail::element_of<X>> minimum(const X& x, const loop_options& options = {}) {
  return detail::minimum(elements(x), options);
}

/// The greatest element and its index; ties, NaNs and errors as for minimum.
template <contiguous X>
extremum<detail::element_of<X>> maximum(const X& x, const loop_options& options = {}) {
  return detail::maximum(elements(x), options);
}

/// Both, in one pass over the memory; ties, NaNs and errors as for minimum.
template <contiguous X>
extrema<detail::element_of<X>> minmax(const X& x, const loop_options& options = {}) {
  return detail::minmax(elements(x), options);
}

}  // namespace polyloop::reductions
