#pragma once

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/input.hpp"

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

template <compiled T>
extremum<T> minimum(const input<T>& x, const loop_options& options);
template <compiled T>
extremum<T> maximum(const input<T>& x, const loop_options& options);
template <compiled T>
extrema<T> minmax(const input<T>& x, const loop_options& options);

/// In the type of the caller's elements, which holds the value.
template <class To, class T>
extremum<To> in_type(const extremum<T>& found) {
  return {static_cast<To>(found.value), found.index};
}

}  // namespace detail

/// The least element and its index; of equal ones the first (-0.0 and 0.0 are
/// equal). If there are NaNs: the first of them, and its index. Throws
/// too_few_elements if x is empty.
///
/// The pass over the memory looks for the value only; the index is then looked
/// for in the one block that holds it.
template <sequence X>
extremum<detail::element_of<X>> minimum(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&](const auto& in) {
    return detail::in_type<detail::element_of<X>>(detail::minimum(in, options));
  });
}

/// The greatest element and its index; ties, NaNs and errors as for minimum.
template <sequence X>
extremum<detail::element_of<X>> maximum(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&](const auto& in) {
    return detail::in_type<detail::element_of<X>>(detail::maximum(in, options));
  });
}

/// Both, in one pass over the memory; ties, NaNs and errors as for minimum.
template <sequence X>
extrema<detail::element_of<X>> minmax(const X& x, const loop_options& options = {}) {
  using T = detail::element_of<X>;
  return detail::with_input(x, [&](const auto& in) {
    const auto both = detail::minmax(in, options);
    return extrema<T>{detail::in_type<T>(both.minimum), detail::in_type<T>(both.maximum)};
  });
}

/// minimum(x).index
template <sequence X>
index_t argmin(const X& x, const loop_options& options = {}) {
  return minimum(x, options).index;
}

/// maximum(x).index
template <sequence X>
index_t argmax(const X& x, const loop_options& options = {}) {
  return maximum(x, options).index;
}

}  // namespace polyloop::reductions
