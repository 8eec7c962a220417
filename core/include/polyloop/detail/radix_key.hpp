#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <type_traits>

namespace polyloop::detail {

template <std::size_t Bytes>
using unsigned_of_size =
    std::conditional_t<Bytes == 1, std::uint8_t,
                       std::conditional_t<Bytes == 2, std::uint16_t,
                                          std::conditional_t<Bytes == 4, std::uint32_t, std::uint64_t>>>;

/// Numbers whose order an unsigned number of the same size can have.
template <class K>
concept radix_key = (std::integral<K> && sizeof(K) <= 8) ||
                    (std::floating_point<K> && std::numeric_limits<K>::is_iec559 && sizeof(K) <= 8);

/// A key as an unsigned number in the same order: -0.0 is the same as 0.0, NaNs
/// come after all numbers, in the descending order too. Without a branch.
template <bool Descending, radix_key K>
constexpr auto radix_bits(K key) {
  using U = unsigned_of_size<sizeof(K)>;
  constexpr U top = static_cast<U>(U{1} << (8 * sizeof(K) - 1));
  if constexpr (std::floating_point<K>) {
    constexpr U infinity = std::bit_cast<U>(std::numeric_limits<K>::infinity());
    const U raw = std::bit_cast<U>(key);
    const U magnitude = raw & ~top, negative = U{0} - (raw >> (8 * sizeof(K) - 1));
    const U bits = top + ((magnitude ^ negative) - negative);
    const U is_nan = (infinity - magnitude) >> (8 * sizeof(K) - 1);  // without a comparison, which SSE2 has none of
    return (Descending ? ~bits : bits) | (U{0} - is_nan);
  } else {
    U bits = static_cast<U>(key);
    if constexpr (std::signed_integral<K>) bits = static_cast<U>(bits ^ top);
    return Descending ? static_cast<U>(~bits) : bits;
  }
}

/// The number whose radix_bits these are; it is neither -0.0 nor NaN.
template <bool Descending, std::floating_point K>
constexpr K number_of_bits(unsigned_of_size<sizeof(K)> bits) {
  using U = unsigned_of_size<sizeof(K)>;
  constexpr int sign = 8 * sizeof(K) - 1;
  constexpr U top = U{1} << sign;
  if constexpr (Descending) bits = ~bits;
  const U negative = (bits >> sign) - 1;  // all ones, or none
  return std::bit_cast<K>(static_cast<U>((((bits - top) ^ negative) - negative) | (negative & top)));
}

/// Whether some of n numbers are lost in radix_bits: -0.0, and a NaN's sign and payload.
template <std::floating_point K>
bool lost_in_bits(const K* data, std::size_t n) {
  using U = unsigned_of_size<sizeof(K)>;
  constexpr U top = U{1} << (8 * sizeof(K) - 1);
  constexpr U infinity = std::bit_cast<U>(std::numeric_limits<K>::infinity());
  U lost = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const U raw = std::bit_cast<U>(data[i]);
    lost |= (infinity - (raw & ~top)) | (raw & ~(raw - 1));  // its top bit: NaN, or raw is the top bit alone
  }
  return (lost & top) != 0;
}

/// The order of elements by a key.
template <bool Descending, class KeyOf>
struct radix_order {
  const KeyOf& key_of;

  template <class T>
  auto operator()(const T& element) const { return radix_bits<Descending>(std::invoke(key_of, element)); }

  /// By the keys themselves, which is cheaper. False where one of them is NaN.
  template <class T>
  bool in_order(const T& a, const T& b) const {
    return Descending ? std::invoke(key_of, a) >= std::invoke(key_of, b)
                      : std::invoke(key_of, a) <= std::invoke(key_of, b);
  }
  template <class T>
  bool descends(const T& a, const T& b) const {
    return Descending ? std::invoke(key_of, a) < std::invoke(key_of, b)
                      : std::invoke(key_of, a) > std::invoke(key_of, b);
  }
};

/// The order of numbers that stand for their bits.
struct stored_bits {
  template <class T>
  auto operator()(const T& element) const { return std::bit_cast<unsigned_of_size<sizeof(T)>>(element); }
};

/// How a radix sort stores elements while they are away from their place: as they are.
template <class T, class Order>
struct stored_as_they_are {
  static constexpr bool as_bits = false;
  using order = Order;

  static bool loses(const T* /*data*/, std::size_t /*n*/) { return false; }
  template <class U>
  static const T& stored(const T& element, U /*bits*/) { return element; }
  static void restore(T* /*data*/, std::size_t /*n*/) {}
};

template <class T, class Order>
struct radix_storage : stored_as_they_are<T, Order> {};

/// Floating-point numbers: as their bits, so that these are worked out once.
template <std::floating_point T, bool Descending>
struct radix_storage<T, radix_order<Descending, std::identity>> {
  static constexpr bool as_bits = true;
  using order = stored_bits;

  static bool loses(const T* data, std::size_t n) { return lost_in_bits(data, n); }
  template <class U>
  static T stored(const T& /*element*/, U bits) { return std::bit_cast<T>(bits); }
  static void restore(T* data, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
      data[i] = number_of_bits<Descending, T>(std::bit_cast<unsigned_of_size<sizeof(T)>>(data[i]));
  }
};

template <class Order, class T>
using bits_of = std::remove_cvref_t<std::invoke_result_t<const Order&, const T&>>;

/// visit(i, order(data[i])) for i = first .. last - 1. The bits of floating-point keys are worked out
/// some at a time, which is vectorised.
template <class T, class Order, class Visit>
void each_key(const T* data, std::size_t first, std::size_t last, const Order& order, const Visit& visit) {
  if constexpr (std::floating_point<T> && !std::is_same_v<Order, stored_bits>) {
    constexpr std::size_t at_a_time = 32;
    for (; last - first >= at_a_time; first += at_a_time) {
      bits_of<Order, T> bits[at_a_time];
      for (std::size_t k = 0; k < at_a_time; ++k) bits[k] = order(data[first + k]);
      for (std::size_t k = 0; k < at_a_time; ++k) visit(first + k, bits[k]);
    }
  }
  for (; first < last; ++first) visit(first, order(data[first]));
}

}  // namespace polyloop::detail
