#pragma once

#include <concepts>
#include <functional>
#include <iterator>
#include <ranges>
#include <utility>

#include "polyloop/detail/elements.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop {

namespace detail {

/// Where a transformation writes: a range of random access, or an iterator into one.
template <class To>
concept output_place = std::ranges::random_access_range<To> || std::random_access_iterator<std::remove_cvref_t<To>>;

/// The first place to write to; a range has to be of the right length.
template <output_place To>
auto first_output(To& to, index_t count, const char* of) {
  if constexpr (std::ranges::random_access_range<To>) {
    check_same_size("to", length_of(to), count, of);
    return std::ranges::begin(to);
  } else {
    return to;
  }
}

}  // namespace detail

/// to[i] = function(from[i]) for every element:
///
///     parallel_transform(celsius, fahrenheit, [](double c) { return c * 1.8 + 32; });
///
/// from is a range of random access, to another of the same length or an iterator to the
/// first place to write to. They may be the same; overlapping them otherwise makes iterations
/// depend on each other. Throws invalid_argument for lengths that differ; for the rest
/// it is a parallel_for.
template <std::ranges::random_access_range From, detail::output_place To, class Function>
requires std::invocable<const Function&, std::ranges::range_reference_t<From>> loop_result
parallel_transform(From&& from, To&& to, const Function& function, const loop_options& options = {}) {
  const index_t count = detail::length_of(from);
  const auto one = [in = std::ranges::begin(from), out = detail::first_output(to, count, "from"),
                    &function](index_t i) {
    detail::element_at(out, i) = std::invoke(function, detail::element_at(in, i));
  };
  return parallel_for(count, one, options);
}

/// to[i] = function(a[i], b[i]) for every element; the three are of the same length.
template <std::ranges::random_access_range A, std::ranges::random_access_range B, detail::output_place To,
          class Function>
requires std::invocable<const Function&, std::ranges::range_reference_t<A>, std::ranges::range_reference_t<B>>
    loop_result parallel_transform(A&& a, B&& b, To&& to, const Function& function,
                                   const loop_options& options = {}) {
  const index_t count = detail::length_of(a);
  detail::check_same_size("b", detail::length_of(b), count, "a");
  const auto one = [x = std::ranges::begin(a), y = std::ranges::begin(b),
                    out = detail::first_output(to, count, "a"), &function](index_t i) {
    detail::element_at(out, i) = std::invoke(function, detail::element_at(x, i), detail::element_at(y, i));
  };
  return parallel_for(count, one, options);
}

}  // namespace polyloop
