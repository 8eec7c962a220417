#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <functional>
#include <iterator>
#include <ranges>
#include <utility>
#include <vector>

#include "polyloop/detail/elements.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop {

namespace detail {

/// Parts of a range that can only be walked: where each begins, and the end.
template <class Range>
auto part_begins(Range& over, index_t count, index_t size) {
  std::vector<std::ranges::iterator_t<Range>> begins;
  begins.reserve(static_cast<std::size_t>(count / size + 2));
  auto at = std::ranges::begin(over);
  for (index_t i = 0; i < count; ++i, ++at)
    if (i % size == 0) begins.push_back(at);
  begins.push_back(at);
  return begins;
}

/// visit(i, iterator) for all elements of a range that can only be walked.
template <class Range, class Visit>
loop_result visit_walked(Range& over, index_t count, const Visit& visit, const loop_options& options) {
  constexpr index_t most_parts = 1024;
  const index_t size = std::max<index_t>(1, count / most_parts);
  const auto begins = part_begins(over, count, size);
  std::atomic<index_t> done{0};
  const auto part = [&](index_t p) {
    const index_t last = std::min(count, (p + 1) * size);
    auto at = begins[static_cast<std::size_t>(p)];
    for (index_t i = p * size; i < last; ++i, ++at) visit(i, at);
    done.fetch_add(last - p * size, std::memory_order_relaxed);
  };
  loop_result result = launch(static_cast<index_t>(begins.size()) - 1, each_index<index_t, decltype(part)>{part},
                              options, size);
  result.iterations = done.load(std::memory_order_relaxed);
  return result;
}

template <class Range, class Body>
loop_result for_each_walked(Range& over, const Body& body, const loop_options& options) {
  const index_t count = length_of(over);
  const error_policy* const policy = options.errors.get();
  if (policy == nullptr)
    return visit_walked(over, count, [&](index_t, const auto& at) { std::invoke(body, *at); }, options);
  // The loop is over parts, the policy about elements.
  return with_policy(*policy, options, count, [&](error_handler& errors, const loop_options& rest) {
    const auto visit = [&](index_t i, const auto& at) { errors.attempt(i, [&] { std::invoke(body, *at); }); };
    return visit_walked(over, count, visit, rest);
  });
}

}  // namespace detail

/// body(element) for every element of a range:
///
///     parallel_for_each(files, [](file& each) { each.compress(); });
///
/// Elements of a random access range (vector, span, deque, view of one) are reached by
/// their index, as by parallel_for. One that can only be walked, such as a list or a map,
/// is walked first on the calling thread: O(n) steps and at most 2048 iterators beside
/// the body's work. The serial order is that of the range, and errors, stop,
/// nesting and thread-safety are as for parallel_for; the result counts elements.
template <std::ranges::forward_range Range, class Body>
requires std::invocable<const Body&, std::ranges::range_reference_t<Range>> loop_result
parallel_for_each(Range&& over, const Body& body, const loop_options& options = {}) {
  if constexpr (std::ranges::random_access_range<Range>) {
    const auto each = [first = std::ranges::begin(over), &body](index_t i) {
      std::invoke(body, detail::element_at(first, i));
    };
    return parallel_for(detail::length_of(over), each, options);
  } else {
    return detail::for_each_walked(over, body, options);
  }
}

/// The same for the elements of [first, last).
template <std::forward_iterator Iterator, std::sentinel_for<Iterator> End, class Body>
requires std::invocable<const Body&, std::iter_reference_t<Iterator>> loop_result
parallel_for_each(Iterator first, End last, const Body& body, const loop_options& options = {}) {
  return parallel_for_each(std::ranges::subrange(std::move(first), std::move(last)), body, options);
}

}  // namespace polyloop
