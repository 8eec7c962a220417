#pragma once

#include <vector>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/extrema.hpp"

namespace polyloop::reductions {

namespace detail {
template <compiled T>
std::vector<extremum<T>> top_k(const input<T>& x, index_t k, const loop_options& options);
}  // namespace detail

/// The k greatest elements and their indices, the greatest first; of equal ones the lower index first. All of
/// them if there are fewer. NaNs come before all numbers, as with maximum. Throws invalid_argument for k < 0.
///
/// One pass; O(n + k log k) where the order is one by lot, O(n log k) at worst; memory for k elements per
/// block, of which there are at most 2^16.
template <sequence X>
std::vector<extremum<detail::element_of<X>>> top_k(const X& x, index_t k, const loop_options& options = {}) {
  using T = detail::element_of<X>;
  return detail::with_input(x, [&](const auto& in) {
    std::vector<extremum<T>> found;
    for (const auto& each : detail::top_k(in, k, options)) found.push_back(detail::in_type<T>(each));
    return found;
  });
}

}  // namespace polyloop::reductions
