#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "polyloop/error.hpp"
#include "polyloop/index.hpp"

namespace polyloop::reductions {

/// The types of elements: float, double, and integers of up to 64 bits but for unsigned ones of 64
/// (which no wider type holds). Integers smaller than 32 bits are read as int32, uint32 as int64.
template <class T>
concept element = (std::floating_point<T> && sizeof(T) <= sizeof(double)) ||
                  (std::integral<T> && (sizeof(T) < 8 || (std::signed_integral<T> && sizeof(T) == 8)));

/// A reduction has no result for so few elements.
class too_few_elements : public invalid_argument {
 public:
  too_few_elements(index_t count, index_t least)
      : invalid_argument("number of elements", std::to_string(count), "at least " + std::to_string(least)) {}
};

/// Elements that lie `stride` apart (of the type, not bytes; it may be negative or 0).
template <class T>
struct strided_view {
  const T* data;
  index_t size;
  index_t stride;
};

/// The numbers f(0), ..., f(size - 1); f may be called by several threads at once.
/// What it throws reaches the caller as from parallel_for.
template <class F>
struct indexed {
  index_t size;
  F f;
};
template <class F>
indexed(index_t, F) -> indexed<F>;

namespace detail {

/// The types that the inner loops are compiled for.
template <class T>
concept compiled = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::int32_t> ||
    std::same_as<T, std::int64_t>;

/// What elements of type T are read as; holds every value of T.
template <element T>
using read_type =
    std::conditional_t<std::floating_point<T>, T,
                       std::conditional_t<(sizeof(T) < 4 || (sizeof(T) == 4 && std::is_signed_v<T>)),
                                          std::int32_t, std::int64_t>>;

/// Elements behind a pointer, or a function that writes some of them to memory.
template <compiled T>
class input {
 public:
  input(const T* data, index_t size) : data_(data), size_(size) {}
  /// `fill(first, count, to)` has to outlive this.
  template <class Fill>
  input(const Fill& fill, index_t size)
      : size_(size),
        fill_(std::addressof(fill)),
        call_([](const void* f, index_t first, index_t count, T* to) {
          (*static_cast<const Fill*>(f))(first, count, to);
        }) {}

  index_t size() const noexcept { return size_; }
  /// Whether the elements lie in memory next to each other.
  bool in_memory() const noexcept { return call_ == nullptr; }
  /// Where the elements from `first` on are: in memory already, or written to `scratch`.
  const T* read(index_t first, index_t count, T* scratch) const {
    if (call_ == nullptr) return data_ + first;
    call_(fill_, first, count, scratch);
    return scratch;
  }

 private:
  const T* data_ = nullptr;
  index_t size_;
  const void* fill_ = nullptr;
  void (*call_)(const void*, index_t, index_t, T*) = nullptr;
};

template <class X>
using data_of = std::remove_cvref_t<decltype(*std::data(std::declval<const X&>()))>;

/// Whether X has an inner stride, as Eigen's types tell it, other than 1.
template <class X>
constexpr bool has_gaps() {
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

template <class X>
inline constexpr bool is_strided = false;
template <class T>
inline constexpr bool is_strided<strided_view<T>> = true;
template <class X>
inline constexpr bool is_indexed = false;
template <class F>
inline constexpr bool is_indexed<indexed<F>> = std::is_invocable_v<const F&, index_t>;

}  // namespace detail

/// Something whose elements lie next to each other behind data() and size(): a
/// span, a vector, an array, an Eigen vector, matrix, segment or column. Eigen
/// expressions (no data()) and maps and rows with an inner stride other than a
/// constant 1 are refused when compiled; polyloop/eigen_reductions.hpp makes views of them.
template <class X>
concept contiguous = requires(const X& x) {
  { std::size(x) } -> std::convertible_to<std::size_t>;
  requires element<detail::data_of<X>>;
}
&&!detail::has_gaps<X>();

/// What a reduction takes: contiguous elements, a strided_view, or indexed(n, f).
template <class X>
concept sequence = contiguous<X> || detail::is_strided<X> || detail::is_indexed<X>;

namespace detail {

template <class X>
struct element_in {};
template <contiguous X>
struct element_in<X> {
  using type = data_of<X>;
};
template <class T>
struct element_in<strided_view<T>> {
  using type = T;
};
template <class F>
struct element_in<indexed<F>> {
  using type = std::remove_cvref_t<std::invoke_result_t<const F&, index_t>>;
};
template <class X>
using element_of = typename element_in<X>::type;
template <class X>
using read_of = read_type<element_of<X>>;

/// call(input) with the elements at(i), i < size, read one after the other.
template <compiled T, class At, class Call>
decltype(auto) with_elements_at(index_t size, const At& at, const Call& call) {
  const auto fill = [&at](index_t first, index_t count, T* to) {
    for (index_t i = 0; i < count; ++i) to[i] = static_cast<T>(at(first + i));
  };
  return call(input<T>(fill, size));
}

/// call(input) with the elements of x. Throws invalid_argument for a negative size, and
/// for a block of an Eigen matrix that has gaps between its columns.
template <sequence X, class Call>
decltype(auto) with_input(const X& x, const Call& call) {
  using T = read_of<X>;
  if constexpr (contiguous<X>) {
    check_no_gaps(x);
    const auto* data = std::data(x);
    const auto size = static_cast<index_t>(std::size(x));
    if constexpr (std::same_as<element_of<X>, T>)
      return call(input<T>(data, size));
    else
      return with_elements_at<T>(
          size, [data](index_t i) { return data[i]; }, call);
  } else {
    if (x.size < 0) polyloop::detail::throw_invalid("size", x.size, "at least 0");
    if constexpr (is_strided<X>) {
      if constexpr (std::same_as<element_of<X>, T>)
        if (x.stride == 1) return call(input<T>(x.data, x.size));
      return with_elements_at<T>(
          x.size, [x](index_t i) { return x.data[i * x.stride]; }, call);
    } else {
      return with_elements_at<T>(x.size, x.f, call);
    }
  }
}

/// The same for two of equal length. Throws invalid_argument if their lengths differ.
template <sequence X, sequence Y, class Call>
decltype(auto) with_inputs(const X& x, const Y& y, const Call& call) {
  return with_input(x, [&](const auto& a) {
    return with_input(y, [&](const auto& b) {
      if (a.size() != b.size())
        throw invalid_argument("size of y", std::to_string(b.size()),
                               std::to_string(a.size()) + ", the size of x");
      return call(a, b);
    });
  });
}

}  // namespace detail

}  // namespace polyloop::reductions
