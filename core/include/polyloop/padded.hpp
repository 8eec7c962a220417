#pragma once

#include <cstddef>
#include <utility>

namespace polyloop {

/// How far apart things must be that different threads write, so that neither
/// slows the other down: a cache line, or two where the processor fetches
/// lines in pairs.
#if defined(__x86_64__) || defined(_M_X64) || defined(__aarch64__) || defined(__powerpc64__)
inline constexpr std::size_t padding_size = 128;
#else
inline constexpr std::size_t padding_size = 64;
#endif

/// A value that shares its cache lines with nothing else:
///
///     std::array<padded<std::atomic<int>>, 4> counts;
///     ++*counts[2];
///
/// Adds no protection: several threads may use it as they may use T.
template <class T>
struct alignas(padding_size) padded {
  T value;

  padded() : value() {}
  /// Makes the value in place, from what one of its constructors takes.
  template <class... Arguments>
  explicit padded(std::in_place_t /*tag*/, Arguments&&... arguments)
      : value(std::forward<Arguments>(arguments)...) {}

  T& operator*() noexcept { return value; }
  const T& operator*() const noexcept { return value; }
  T* operator->() noexcept { return &value; }
  const T* operator->() const noexcept { return &value; }
};

}  // namespace polyloop
