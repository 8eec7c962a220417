#pragma once

#include <algorithm>
#include <chrono>

namespace polyloop::detail {

using clock = std::chrono::steady_clock;

inline double nanoseconds(clock::duration time) {
  return std::chrono::duration<double, std::nano>(time).count();
}
inline double nanoseconds_since(clock::time_point start) {
  return nanoseconds(clock::now() - start);
}

/// A whole number of nanoseconds, at most a century of them.
inline std::chrono::nanoseconds rounded(double nanoseconds) {
  constexpr double century = 3.2e18;
  return std::chrono::nanoseconds(
      static_cast<std::chrono::nanoseconds::rep>(std::clamp(nanoseconds, 0.0, century)));
}

}  // namespace polyloop::detail
