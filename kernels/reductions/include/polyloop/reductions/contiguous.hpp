#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <type_traits>

#include "polyloop/error.hpp"
#include "polyloop/index.hpp"

namespace polyloop::reductions {

/// The element types that the reductions are compiled for.
template <class T>
concept element = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::int32_t> ||
    std::same_as<T, std::int64_t>;

/// A reduction has no result for so few elements.
class too_few_elements : public invalid_argument {
 public:
  too_few_elements(index_t count, index_t least)
      : invalid_argument("number of elements", std::to_string(count), "at least " + std::to_string(least)) {}
};

namespace detail {

template <class X>
using element_of = std::remove_cvref_t<decltype(*std::data(std::declval<const X&>()))>;

/// Whether X has an inner stride, as Eigen's types tell it, other than 1.
template <class X>
constexpr bool strided() {
  if constexpr (requires { X::InnerStrideAtCompileTime; })
    return static_cast<int>(X::InnerStrideAtCompileTime) != 1;
  else
    return false;
}

/// A block of a matrix has its columns next to each other only if it takes whole columns.
template <class X>
void check_no_gaps(const X& x) {
  if constexpr (requires { x.outerStride(), x.innerSize(), x.outerSize(); }) {
    if (x.outerSize() > 1 && x.outerStride() != x.innerSize())
      throw invalid_argument("outer stride", std::to_string(x.outerStride()),
                             std::to_string(x.innerSize()) + ", for elements without gaps between them");
  }
}

}  // namespace detail

/// Something whose elements lie next to each other behind data() and size(): a
/// span, a vector, an array, an Eigen vector, matrix, segment or column. Eigen
/// expressions (no data()) and maps and rows with an inner stride other than a
/// constant 1 are refused when compiled.
template <class X>
concept contiguous = requires(const X& x) {
  { std::size(x) } -> std::convertible_to<std::size_t>;
  requires element<detail::element_of<X>>;
}
&&!detail::strided<X>();

/// The elements of x, in the order in which they lie in memory. Throws
/// invalid_argument for a block of an Eigen matrix that has gaps between its columns.
template <contiguous X>
std::span<const detail::element_of<X>> elements(const X& x) {
  detail::check_no_gaps(x);
  return {std::data(x), static_cast<std::size_t>(std::size(x))};
}

}  // namespace polyloop::reductions
