#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "vocabulary/raw_sort.hpp"

namespace polyloop::bench::vocabulary {

enum class order { random, sorted, reversed, few, zipf };

/// What is sorted, and how the rows call it.
struct named_order {
  order how;
  const char* name;
};
inline constexpr named_order orders[] = {{order::random, "random"},
                                         {order::sorted, "sorted"},
                                         {order::reversed, "reversed"},
                                         {order::few, "few distinct"},
                                         {order::zipf, "Zipf"}};

/// A number drawn by a counter: the finaliser of SplitMix64.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// All bits by lot; a hundred such numbers; or a rank of n under Zipf's law, whose frequency is
/// in inverse proportion to it (the distribution function is log k / log n).
inline std::uint64_t drawn(std::uint64_t i, std::uint64_t n, order how) {
  const std::uint64_t x = mixed(i);
  if (how == order::few) return mixed(x % 100);
  if (how != order::zipf) return x;
  return static_cast<std::uint64_t>(std::pow(static_cast<double>(n), static_cast<double>(x >> 11) * 0x1p-53));
}

/// As doubles: in [-1, 1), or the ranks.
template <class T>
T element_of(std::uint64_t x, std::uint64_t i, order how) {
  if constexpr (std::is_same_v<T, double>)
    return how == order::zipf ? static_cast<double>(x) : static_cast<double>(static_cast<std::int64_t>(x)) * 0x1p-63;
  else if constexpr (std::is_same_v<T, pair>)
    return {x, i};
  else
    return x;
}

template <class T>
std::vector<T> elements(std::size_t n, order how) {
  std::vector<T> made(n);
  for (std::size_t i = 0; i < n; ++i) made[i] = element_of<T>(drawn(i, n, how), i, how);
  if (how == order::sorted || how == order::reversed) std::sort(made.begin(), made.end(), less_of_user{});
  if (how == order::reversed) std::reverse(made.begin(), made.end());
  return made;
}

}  // namespace polyloop::bench::vocabulary
