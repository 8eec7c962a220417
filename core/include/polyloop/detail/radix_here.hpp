#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "polyloop/detail/radix_key.hpp"

namespace polyloop::detail {

inline constexpr std::size_t insertion_length = 24;

template <class T, class Order>
void insertion_sort_by_bits(T* data, std::size_t n, const Order& order) {
  for (std::size_t i = 1; i < n; ++i) {
    const T moving = data[i];
    const auto bits = order(moving);
    std::size_t j = i;
    for (; j > 0 && bits < order(data[j - 1]); --j) data[j] = data[j - 1];
    data[j] = moving;
  }
}

/// The keys of a part, from the least to the greatest.
template <class U>
struct key_span {
  U least;
  U most;

  int width() const { return static_cast<int>(std::bit_width(static_cast<U>(most - least))); }
};

template <class T, class Order>
auto span_of_keys(const T* data, std::size_t n, const Order& order) {
  key_span<bits_of<Order, T>> span{order(data[0]), order(data[0])};
  for (std::size_t i = 1; i < n; ++i) {
    const auto bits = order(data[i]);
    span.least = std::min(span.least, bits);
    span.most = std::max(span.most, bits);
  }
  return span;
}

/// Copies elements whose keys look all equal, and finds out whether they are.
template <class T, class Order>
bool copied_equals(const T* from, T* to, std::size_t n, const Order& order) {
  const auto first = order(from[0]);
  if (order(from[n / 4]) != first || order(from[n / 2]) != first || order(from[n - 1]) != first) return false;
  auto differing = static_cast<bits_of<Order, T>>(0);
  for (std::size_t i = 0; i < n; ++i) {
    differing = static_cast<bits_of<Order, T>>(differing | (order(from[i]) ^ first));
    to[i] = from[i];
  }
  return differing == 0;
}

struct radix_digit {
  int shift;
  std::size_t mask;

  template <class U>
  std::size_t of(U bits) const { return static_cast<std::size_t>(bits >> shift) & mask; }
};

/// One or two digits of the keys, from the first bit in which they differ down: about twice as
/// many bits as say the places of all elements.
struct low_digits {
  static constexpr int most_bits = 10;

  int bits;
  int passes;
  int rest;  // bits that are left below them

  low_digits(int width, std::size_t n)
      : bits(std::min((static_cast<int>(std::bit_width(n)) + 5) / 2, most_bits)),
        passes(width <= bits ? 1 : 2),
        rest(std::max(0, width - passes * bits)) {}
  std::size_t count() const { return std::size_t{1} << bits; }
  radix_digit of_pass(int pass) const { return {rest + pass * bits, count() - 1}; }
};

/// The places of elements by each of two digits.
class digit_places {
 public:
  template <class T, class Order, class U>
  digit_places(const T* data, std::size_t n, const Order& order, U least, const low_digits& digits) {
    for (auto& each : places_) std::fill_n(each.begin(), digits.count(), 0U);
    const radix_digit low = digits.of_pass(0), high = digits.of_pass(digits.passes - 1);
    each_key(data, 0, n, order, [this, least, low, high](std::size_t, U bits) {
      ++places_[0][low.of(static_cast<U>(bits - least))];
      ++places_[1][high.of(static_cast<U>(bits - least))];
    });
    for (auto& each : places_) {
      std::uint32_t total = 0;
      for (std::size_t d = 0; d < digits.count(); ++d) total += std::exchange(each[d], total);
    }
  }
  std::uint32_t* of_pass(int pass) { return places_[static_cast<std::size_t>(pass)].data(); }

 private:
  std::array<std::array<std::uint32_t, std::size_t{1} << low_digits::most_bits>, 2> places_;
};

template <class T, class Order>
void radix_sort_here(T* from, T* to, std::size_t n, const Order& order, bool result_in_to);

/// Moves elements that are sorted but for their last bits from `from` to `to`, which may be the same, and sorts
/// the runs that only differ in those: where keys are spread evenly there are few, and they are short.
template <class T, class Order, class U>
void sort_last_bits(const T* from, T* to, T* room, std::size_t n, const Order& order, U least, int bits) {
  const auto prefix = [&](const T& e) { return static_cast<U>(order(e) - least) >> bits; };
  U before = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const U here = order(from[i]);
    to[i] = from[i];
    if (before <= here) {
      before = here;
      continue;
    }
    std::size_t begin = i, end = i + 1;
    for (const auto same = prefix(from[i]); begin > 0 && prefix(to[begin - 1]) == same;) --begin;
    for (; end < n && prefix(from[end]) == prefix(to[i]); ++end) to[end] = from[end];
    radix_sort_here(to + begin, room + begin, end - begin, order, false);
    i = end - 1;
    before = order(to[i]);
  }
}

/// Sorts n elements of `from` on the calling thread, n < 2^32; `to` has room for as many, and the cache should
/// have room for both. By two digits, the less significant one first, and what those leave.
/// The result is in `to` or in `from`. No memory is allocated.
template <class T, class Order>
void radix_sort_here(T* from, T* to, std::size_t n, const Order& order, bool result_in_to) {
  if (n <= insertion_length) {
    if (result_in_to) std::copy(from, from + n, to);
    return insertion_sort_by_bits(result_in_to ? to : from, n, order);
  }
  if (copied_equals(from, to, n, order)) return;
  const auto span = span_of_keys(from, n, order);
  const low_digits digits(span.width(), n);
  digit_places places(from, n, order, span.least, digits);
  for (int pass = 0; pass < digits.passes; ++pass) {
    each_key(from, 0, n, order,
             [from, to, least = span.least, next = places.of_pass(pass), digit = digits.of_pass(pass)](
                 std::size_t i, auto bits) {
               to[next[digit.of(static_cast<decltype(bits)>(bits - least))]++] = from[i];
             });
    std::swap(from, to);
    result_in_to = !result_in_to;
  }
  if (digits.rest > 0)
    sort_last_bits(from, result_in_to ? to : from, result_in_to ? from : to, n, order, span.least, digits.rest);
  else if (result_in_to)
    std::copy(from, from + n, to);
}

}  // namespace polyloop::detail
