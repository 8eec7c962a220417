#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "polyloop/index.hpp"
#include "polyloop/monoid.hpp"

namespace polyloop::detail {

/// What a scan does with four lanes of numbers of 8 bytes that follow each other in memory, `length` of
/// each, in SIMD. Each lane is added up from left to right, as the plain form in scan_blocks.hpp does it:
/// same bits. What `running` holds belongs to the four lanes.
struct lane_kernels {
  /// running[k] = the total of lane k; length > 0.
  void (*fold)(const void* in, index_t length, void* running);
  /// Adds each lane up from running[k], and leaves there where it ended. `around_cache`: writes so where
  /// the lanes begin at the same place of a cache line. in may be out.
  void (*inclusive)(const void* in, void* out, index_t length, void* running, bool around_cache);
  void (*exclusive)(const void* in, void* out, index_t length, void* running, bool around_cache);
};

/// Those of this machine; null where it has none.
const lane_kernels* integer_lanes() noexcept;
const lane_kernels* double_lanes() noexcept;

/// The values of an array by index.
template <class In>
struct array_value {
  const In* in;
  const In& operator()(index_t i) const noexcept { return in[i]; }
};

/// Sums of numbers for which there may be kernels.
template <class M, class Value>
inline constexpr bool has_lane_kernels = false;
template <class T>
inline constexpr bool has_lane_kernels<sum<T>, array_value<T>> =
    sizeof(T) == 8 && (std::is_same_v<T, double> || (std::integral<T> && !std::is_same_v<T, bool>));

template <class T>
const lane_kernels* lane_kernels_of() noexcept {
  if constexpr (std::is_same_v<T, double>)
    return double_lanes();
  else
    return integer_lanes();
}

}  // namespace polyloop::detail
