#pragma once

#include <iterator>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "polyloop/error.hpp"
#include "polyloop/index.hpp"

namespace polyloop::detail {

/// Something whose elements lie next to each other: a span, a vector, an array.
template <class X>
concept contiguous = requires(X& x) {
  std::span(x);
};

/// The type of its elements, const where they may not be written.
template <contiguous X>
using element_of = typename decltype(std::span(std::declval<X&>()))::element_type;

/// The same where they may be written.
template <class X>
concept writable = contiguous<X> && !std::is_const_v<element_of<X>>;

template <class Range>
index_t length_of(Range& over) {
  return static_cast<index_t>(std::ranges::distance(over));
}

/// it[i], whatever the iterator counts in.
template <class Iterator>
decltype(auto) element_at(const Iterator& it, index_t i) {
  return it[static_cast<std::iter_difference_t<Iterator>>(i)];
}

/// Throws invalid_argument unless what is called `name` is as long as what is called `of`.
inline void check_same_size(const char* name, index_t size, index_t expected, const char* of) {
  if (size != expected)
    throw invalid_argument(std::string("size of ") + name, std::to_string(size),
                           std::to_string(expected) + ", the size of " + of);
}

}  // namespace polyloop::detail
