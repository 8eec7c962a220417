// Included once for each SIMD target.
#if defined(POLYLOOP_REDUCTIONS_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef POLYLOOP_REDUCTIONS_LANES_INL
#undef POLYLOOP_REDUCTIONS_LANES_INL
#else
#define POLYLOOP_REDUCTIONS_LANES_INL
#endif

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "hwy/cache_control.h"
#include "hwy/contrib/algo/find-inl.h"
#include "hwy/highway.h"
#include "reading_ahead.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::reductions::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// 128 bytes of accumulators, whatever the registers: element i goes to lane i modulo their number, which
/// fixes the order of the operations. Eight registers of SSE2 are enough to hide the latency of an addition,
/// two of AVX-512 enough to outrun the memory.
template <class A>
inline constexpr std::size_t lane_count = 128 / sizeof(A);

template <class A>
using vector_tag = hn::CappedTag<A, lane_count<A>>;
template <class A>
using one_tag = hn::CappedTag<A, 1>;

template <class A>
inline constexpr std::size_t vector_width = hn::MaxLanes(vector_tag<A>());
template <class A>
inline constexpr std::size_t vector_count = lane_count<A> / vector_width<A>;

/// Values that an operation keeps for each lane.
template <class A, int Kept>
struct lanes {
  A of[Kept][lane_count<A>];

  /// Of one kind, combined as elements of type R in a fixed tree: the upper half onto the lower, again and
  /// again.
  template <class R, class Combine>
  HWY_INLINE R folded(int kept, const Combine& combine) const {
    R all[lane_count<A>];
    for (std::size_t k = 0; k < lane_count<A>; ++k) all[k] = static_cast<R>(of[kept][k]);
    for (std::size_t width = lane_count<A> / 2; width > 0; width /= 2)
      for (std::size_t k = 0; k < width; ++k) all[k] = combine(all[k], all[k + width]);
    return all[0];
  }
};

struct plus {
  template <class R>
  HWY_INLINE R operator()(R a, R b) const {
    return a + b;
  }
};
struct times {
  template <class R>
  HWY_INLINE R operator()(R a, R b) const {
    return a * b;
  }
};

template <class D, int Kept>
struct registers {
  hn::Vec<D> of[Kept];
};

template <class A, int Kept, std::size_t K>
HWY_INLINE void load_registers(const lanes<A, Kept>& from, registers<vector_tag<A>, Kept>& to) {
  for (int kept = 0; kept < Kept; ++kept)
    to.of[kept] = hn::LoadU(vector_tag<A>(), from.of[kept] + K * vector_width<A>);
}

template <class A, int Kept, std::size_t K>
HWY_INLINE void store_registers(const registers<vector_tag<A>, Kept>& from, lanes<A, Kept>& to) {
  for (int kept = 0; kept < Kept; ++kept)
    hn::StoreU(from.of[kept], vector_tag<A>(), to.of[kept] + K * vector_width<A>);
}

// With indices that are constants the accumulators stay in registers, with every compiler.
template <class A, int Kept, class Op, std::size_t... K>
HWY_INLINE std::size_t run_vectors(const Op& op, std::size_t n, lanes<A, Kept>& all,
                                   std::index_sequence<K...>) {
  registers<vector_tag<A>, Kept> kept[sizeof...(K)];
  (load_registers<A, Kept, K>(all, kept[K]), ...);
  std::size_t i = 0;
  for (; i + lane_count<A> <= n; i += lane_count<A>)
    (op(vector_tag<A>(), kept[K].of, i + K * vector_width<A>), ...);
  (store_registers<A, Kept, K>(kept[K], all), ...);
  return i;
}

/// op(d, kept, i) for every i in [0, n), for some neighbours from i on at a time: changes kept[0 .. Kept),
/// vectors of what is kept for the lanes of these elements.
template <class A, int Kept, class Op>
HWY_INLINE void run_lanes(const Op& op, std::size_t n, lanes<A, Kept>& all) {
  const std::size_t done = run_vectors(op, n, all, std::make_index_sequence<vector_count<A>>());
  const one_tag<A> one;
  for (std::size_t i = done; i < n; ++i) {
    registers<one_tag<A>, Kept> kept;
    for (int k = 0; k < Kept; ++k) kept.of[k] = hn::Set(one, all.of[k][i - done]);
    op(one, kept.of, i);
    for (int k = 0; k < Kept; ++k) all.of[k][i - done] = hn::GetLane(kept.of[k]);
  }
}

template <class A, int Kept, class Op, std::size_t... K>
HWY_INLINE void run_halves(const Op& op, std::size_t half, lanes<A, Kept>& all, std::index_sequence<K...>) {
  registers<vector_tag<A>, Kept> kept[sizeof...(K)];
  (load_registers<A, Kept, K>(all, kept[K]), ...);
  for (std::size_t i = 0; i < half; i += lane_count<A> / 2)
    (op(vector_tag<A>(), kept[K].of, K % 2 * half + i + K / 2 * vector_width<A>), ...);
  (store_registers<A, Kept, K>(kept[K], all), ...);
}

/// The same where the order does not matter, from both halves in turn. Two operations an element leave too
/// few loads on their way to memory for one stream: a bare loop for the least of 1e8 doubles read them at .88
/// of the speed of their sum, and so at that of it.
template <class A, int Kept, class Op>
HWY_INLINE void run_lanes_unordered(const Op& op, std::size_t n, lanes<A, Kept>& all) {
  constexpr std::size_t step = lane_count<A> / 2;
  const std::size_t half = n / 2 / step * step;
  run_halves(op, half, all, std::make_index_sequence<vector_count<A>>());
  const auto later = [&op, half](auto d, auto* kept, std::size_t i) HWY_ATTR { op(d, kept, 2 * half + i); };
  run_lanes(later, n - 2 * half, all);
}

/// For loops that go through their elements once.
template <class T>
HWY_INLINE void ask_for_later(const T* x, std::size_t i) {
  constexpr std::size_t bytes_ahead = 512;
  if (detail::asking_ahead_pays)
    hwy::Prefetch(
        reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(x) + i * sizeof(T) + bytes_ahead));
}

inline constexpr std::size_t page_bytes = 4096;

/// Asks for a whole page at once. Where asking line by line does not pay, this still does for loops with too
/// many operations to see the next page coming: a bare loop for the moments of 1e8 doubles read them at .82
/// of the speed of their sum, and so at .95. A part of a page is worse than nothing.
template <class T>
HWY_INLINE void ask_for_page(const T* x, std::size_t i) {
  const std::uintptr_t page = reinterpret_cast<std::uintptr_t>(x) + i * sizeof(T);
  for (std::size_t line = 0; line < page_bytes; line += 64)
    hwy::Prefetch(reinterpret_cast<const char*>(page + line));
}

/// For the second way through a stretch: asks for the next one, which follows in most cases. An address and
/// no pointer: it may be beyond the array.
template <class T>
HWY_INLINE void ask_for_next(const T* x, std::size_t n, std::size_t i) {
  hwy::Prefetch(reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(x) + (n + i) * sizeof(T)));
}

/// For loops that go through a stretch twice with more work: each way asks for one half of the next one.
template <int Way, class T>
HWY_INLINE void ask_for_half_of_next(const T* x, std::size_t n, std::size_t i) {
  ask_for_next(x, n, (Way == 2 ? n / 2 : 0) + i / 2);
}

/// Elements of type T as vectors of another one.
template <class D, class T>
HWY_INLINE hn::Vec<D> load_as(D d, const T* from) {
  using A = hn::TFromD<D>;
  const hn::Rebind<T, D> of_elements;
  if constexpr (std::is_same_v<A, T>) {
    return hn::LoadU(d, from);
  } else if constexpr (sizeof(A) == sizeof(T) && std::is_integral_v<A>) {
    return hn::BitCast(d, hn::LoadU(of_elements, from));
  } else if constexpr (std::is_integral_v<A>) {
    return hn::BitCast(d, hn::PromoteTo(hn::Rebind<std::int64_t, D>(), hn::LoadU(of_elements, from)));
  } else if constexpr (sizeof(A) == sizeof(T)) {
    return hn::ConvertTo(d, hn::LoadU(of_elements, from));
  } else {
    return hn::PromoteTo(d, hn::LoadU(of_elements, from));
  }
}

}  // namespace polyloop::reductions::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
