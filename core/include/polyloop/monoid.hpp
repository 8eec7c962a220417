#pragma once

#include <concepts>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

namespace polyloop {

/// What a reduction needs: a value type, an identity and an associative
/// operation. It need not be commutative: parts are always combined in the
/// order of their indices.
///
///     struct longest {
///       using value_type = std::string;
///       std::string identity() const { return {}; }
///       std::string operator()(std::string a, std::string b) const { return a.size() >= b.size() ? a : b; }
///     };
template <class M>
concept monoid = requires(const M& m, typename M::value_type a) {
  { m.identity() } -> std::convertible_to<typename M::value_type>;
  { m(a, a) } -> std::convertible_to<typename M::value_type>;
};

/// a + b, from 0.
template <class T>
struct sum {
  using value_type = T;
  static constexpr T identity() { return T(0); }
  constexpr T operator()(const T& a, const T& b) const { return static_cast<T>(a + b); }
};

/// a * b, from 1.
template <class T>
struct product {
  using value_type = T;
  static constexpr T identity() { return T(1); }
  constexpr T operator()(const T& a, const T& b) const { return static_cast<T>(a * b); }
};

/// The smaller, from the type's greatest value (infinity where there is one).
/// Of equal values the first; a NaN that is not the first element is passed over.
template <class T>
struct minimum {
  using value_type = T;
  static constexpr T identity() {
    using limits = std::numeric_limits<T>;
    return limits::has_infinity ? limits::infinity() : limits::max();
  }
  constexpr T operator()(const T& a, const T& b) const { return b < a ? b : a; }
};

/// The greater, from the type's lowest value (minus infinity where there is one).
template <class T>
struct maximum {
  using value_type = T;
  static constexpr T identity() {
    using limits = std::numeric_limits<T>;
    return limits::has_infinity ? static_cast<T>(-limits::infinity()) : limits::lowest();
  }
  constexpr T operator()(const T& a, const T& b) const { return a < b ? b : a; }
};

/// A monoid from an identity and an operation: `monoid_of(0, std::bit_xor<>{})`.
template <class T, class Operation>
struct monoid_of {
  using value_type = T;
  T identity_value;
  Operation operation;

  constexpr monoid_of(T identity, Operation op)
      : identity_value(std::move(identity)), operation(std::move(op)) {}
  constexpr T identity() const { return identity_value; }
  constexpr T operator()(T a, T b) const { return operation(std::move(a), std::move(b)); }
};

/// Several reductions in one pass; its value is a std::tuple of theirs:
///
///     auto [total, highest] = parallel_reduce(n, combined(sum<double>{}, maximum<double>{}),
///                                             [&](index_t i) { return std::tuple(x[i], x[i]); });
template <monoid... Parts>
struct combined {
  using value_type = std::tuple<typename Parts::value_type...>;
  std::tuple<Parts...> parts;

  constexpr explicit combined(Parts... each) : parts(std::move(each)...) {}
  constexpr value_type identity() const {
    return std::apply([](const auto&... part) { return value_type(part.identity()...); }, parts);
  }
  constexpr value_type operator()(const value_type& a, const value_type& b) const {
    return joined(a, b, std::index_sequence_for<Parts...>{});
  }

 private:
  template <std::size_t... I>
  constexpr value_type joined(const value_type& a, const value_type& b, std::index_sequence<I...>) const {
    return value_type(std::get<I>(parts)(std::get<I>(a), std::get<I>(b))...);
  }
};

}  // namespace polyloop
