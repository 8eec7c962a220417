#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "polyloop/reductions/reductions.hpp"
#include "simd_targets.hpp"

/// What the tests of the reductions share.
namespace number_checks {

using namespace polyloop::reductions;
using polyloop::index_t;

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Sizes around the lanes, the stretches and the blocks.
inline const std::vector<std::size_t> sizes{1,   2,    3,    15,   16,   17,    33,    511,
                                            513, 1023, 1025, 2049, 4097, 5000, 16384, 100001};

template <class T>
std::vector<T> random_values(std::size_t n, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::vector<T> x(n);
  for (T& each : x) each = static_cast<T>(static_cast<int>(random() % 2001) - 1000);
  return x;
}

template <class T>
std::vector<T> normal_values(std::size_t n, unsigned seed = 7) {
  std::mt19937 random(seed);
  std::normal_distribution<T> normal(T(3), T(1000));
  std::vector<T> x(n);
  for (T& each : x) each = normal(random);
  return x;
}

inline std::uint64_t bits(double x) {
  return std::bit_cast<std::uint64_t>(x);
}

template <class T>
std::uint64_t word_of(T x) {
  if constexpr (std::is_floating_point_v<T>)
    return bits(x);
  else
    return static_cast<std::uint64_t>(x);
}

/// Of the bits of some numbers.
template <class... T>
std::uint64_t hash_of(T... values) {
  std::uint64_t hash = 0;
  ((hash = (hash ^ word_of(values)) * 0x100000001b3 + 1), ...);
  return hash;
}

template <class T>
std::uint64_t hash_of_all(const std::vector<T>& values) {
  std::uint64_t hash = 0;
  for (const T& each : values) hash = hash_of(hash, each);
  return hash;
}

template <class F>
void check_same_everywhere(const F& compute) {
  const auto expected = compute();
  const int combinations = simd::on_everything([&] { CHECK(compute() == expected); });
  CHECK(combinations >= simd::least_combinations());
}

}  // namespace number_checks
