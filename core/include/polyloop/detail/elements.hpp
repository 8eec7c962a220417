#pragma once

#include <span>
#include <type_traits>
#include <utility>

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

}  // namespace polyloop::detail
