#pragma once

#include <cstdint>
#include <random>

#include "kit.hpp"
#include "polyloop/detail/thread_sanitizer.hpp"

/// What the tests of the sorts are about.
namespace contract {

// Under ThreadSanitizer, which takes ten times as long, what several blocks need and no more.
#ifdef POLYLOOP_TSAN
inline const std::vector<std::size_t> lengths{0, 1, 2, 3, 24, 25, 1000, 8193, 65'537};
#else
inline const std::vector<std::size_t> lengths{0, 1, 2, 3, 24, 25, 1000, 8193, 65'537, 300'001};
#endif

/// `outlier`: few distinct numbers, near to each other, and one that is far from them.
enum class shape { random, sorted, reversed, few, equal, skewed, outlier };
inline constexpr shape shapes[] = {shape::random, shape::sorted, shape::reversed, shape::few,
                                   shape::equal,  shape::skewed, shape::outlier};

template <class T>
std::vector<T> numbers_to_sort(std::size_t n, shape kind) {
  std::mt19937_64 draw(n + 7);
  std::vector<T> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t x = draw();
    if (kind == shape::random) values[i] = static_cast<T>(static_cast<std::int64_t>(x));
    if (kind == shape::sorted) values[i] = static_cast<T>(i);
    if (kind == shape::reversed) values[i] = static_cast<T>(n - i);
    if (kind == shape::few) values[i] = static_cast<T>(x % 7 * 1000);
    if (kind == shape::equal) values[i] = static_cast<T>(5);
    if (kind == shape::outlier) values[i] = static_cast<T>(i == n / 3 ? 1 : 100 + x % 3);
    if (kind == shape::skewed) values[i] = static_cast<T>(x >> (x % 61));
  }
  return values;
}

}  // namespace contract
