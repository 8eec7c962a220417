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

/// A vector's lanes combined: the upper half onto the lower, again and again.
template <class D, class V, class Combine>
HWY_INLINE hn::TFromD<D> folded_lanes(D /*of lanes*/, V lanes, [[maybe_unused]] const Combine& combine) {
#if HWY_TARGET != HWY_SCALAR  // which has no halves
  if constexpr (hn::MaxLanes(D()) > 1) {
    const hn::Half<D> half;
    return folded_lanes(half, combine(hn::LowerHalf(half, lanes), hn::UpperHalf(half, lanes)), combine);
  }
#endif
  return hn::GetLane(lanes);
}

/// Values that an operation keeps for each lane.
template <class A, int Kept>
struct lanes {
  A of[Kept][lane_count<A>];

  /// Of one kind, combined as elements of type R in a fixed tree: the upper half onto the lower, again and
  /// again.
  template <class R, class Combine>
  HWY_INLINE R folded(int kept, const Combine& combine) const {
    constexpr std::size_t count = lane_count<A> / vector_width<R>;
    hn::Vec<vector_tag<R>> all[count];
    for (std::size_t k = 0; k < count; ++k) all[k] = load_as(vector_tag<R>(), of[kept] + k * vector_width<R>);
    for (std::size_t width = count / 2; width > 0; width /= 2)
      for (std::size_t k = 0; k < width; ++k) all[k] = combine(all[k], all[k + width]);
    return folded_lanes(vector_tag<R>(), all[0], combine);
  }
};

struct plus {
  template <class V>
  HWY_INLINE V operator()(V a, V b) const {
    return hn::Add(a, b);
  }
};
struct times {
  template <class V>
  HWY_INLINE V operator()(V a, V b) const {
    return hn::Mul(a, b);
  }
};

/// How many elements are added up in lanes of A before these are added up as R: floats lose too much in a
/// whole stretch.
template <class R, class A>
inline constexpr std::size_t most_in_lanes = sizeof(A) < sizeof(R) ? 4096 : ~std::size_t{0} / 2;

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

// With indices that are constants the accumulators stay in registers, with every compiler. Two turns in one:
// for loops with so little to do that the CPU looks too few loads ahead.
template <int Turns = 1, class A, int Kept, class Op, std::size_t... K>
HWY_INLINE std::size_t run_vectors(const Op& op, std::size_t n, lanes<A, Kept>& all,
                                   std::index_sequence<K...>) {
  registers<vector_tag<A>, Kept> kept[sizeof...(K)];
  (load_registers<A, Kept, K>(all, kept[K]), ...);
  std::size_t i = 0;
  for (; Turns == 2 && i + 2 * lane_count<A> <= n; i += 2 * lane_count<A>) {
    (op(vector_tag<A>(), kept[K].of, i + K * vector_width<A>), ...);
    (op(vector_tag<A>(), kept[K].of, i + lane_count<A> + K * vector_width<A>), ...);
  }
  for (; i + lane_count<A> <= n; i += lane_count<A>)
    (op(vector_tag<A>(), kept[K].of, i + K * vector_width<A>), ...);
  (store_registers<A, Kept, K>(kept[K], all), ...);
  return i;
}

/// op(d, kept, i) for every i in [0, n), for some neighbours from i on at a time: changes kept[0 .. Kept),
/// vectors of what is kept for the lanes of these elements.
template <int Turns = 1, class A, int Kept, class Op>
HWY_INLINE void run_lanes(const Op& op, std::size_t n, lanes<A, Kept>& all) {
  const std::size_t done = run_vectors<Turns>(op, n, all, std::make_index_sequence<vector_count<A>>());
  const one_tag<A> one;
  for (std::size_t i = done; i < n; ++i) {
    registers<one_tag<A>, Kept> kept;
    for (int k = 0; k < Kept; ++k) kept.of[k] = hn::Set(one, all.of[k][i - done]);
    op(one, kept.of, i);
    for (int k = 0; k < Kept; ++k) all.of[k][i - done] = hn::GetLane(kept.of[k]);
  }
}

/// For loops that go through their elements once.
template <class T>
HWY_INLINE void ask_for_later(const T* x, std::size_t i) {
  constexpr std::size_t bytes_ahead = 512;
  if (detail::asking_ahead_pays)
    hwy::Prefetch(
        reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(x) + i * sizeof(T) + bytes_ahead));
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

}  // namespace polyloop::reductions::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
