// Included once for each SIMD target.
#if defined(POLYLOOP_FRAMES_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef POLYLOOP_FRAMES_LANES_INL
#undef POLYLOOP_FRAMES_LANES_INL
#else
#define POLYLOOP_FRAMES_LANES_INL
#endif

#include <cstdint>
#include <type_traits>

#include "hwy/highway.h"
#include "polyloop/index.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class D>
HWY_INLINE index_t lanes(D d) {
  return static_cast<index_t>(hn::Lanes(d));
}

/// A loaded vector of several uses: GCC 12 would read the memory again for each.
template <class V>
HWY_INLINE V in_register(V v) {
#if HWY_COMPILER_GCC_ACTUAL && HWY_ARCH_X86
  __asm__("" : "+v"(v.raw));
#endif
  return v;
}

/// Addresses in registers: samples that are written could be those in memory, so that these would be read
/// again for every vector.
template <class T, index_t Count>
struct fixed_taps {
  T* of[Count];

  template <class Taps>
  HWY_INLINE explicit fixed_taps(const Taps& taps) {
    for (index_t t = 0; t < Count; ++t) of[t] = taps[t];
  }
};

/// op(d, i) for vectors that cover the samples [0, count): the last of them
/// may cover some a second time, so an output must not be an input too. A row
/// shorter than a vector is done sample by sample, with vectors of one.
template <class D, class Op>
HWY_INLINE void for_lanes(D d, index_t count, const Op& op) {
  const index_t step = lanes(d);
  if (count < step) {
    const hn::CappedTag<hn::TFromD<D>, 1> one;
    for (index_t i = 0; i < count; ++i) op(one, i);
    return;
  }
  index_t i = 0;
  for (; i + step <= count; i += step) op(d, i);
  if (i < count) op(d, count - step);
}

/// The same by blocks of several vectors, op(d, i, vectors), and the rest by single ones.
template <index_t Vectors, class D, class Op>
HWY_INLINE void for_blocks(D d, index_t count, const Op& op) {
  const index_t step = lanes(d);
  const std::integral_constant<index_t, 1> single;
  if (count < step) {
    const hn::CappedTag<hn::TFromD<D>, 1> one;
    for (index_t i = 0; i < count; ++i) op(one, i, single);
    return;
  }
  index_t i = 0;
  for (; i + Vectors * step <= count; i += Vectors * step)
    op(d, i, std::integral_constant<index_t, Vectors>());
  for (; i + step <= count; i += step) op(d, i, single);
  if (i < count) op(d, count - step, single);
}

/// The same once for every sample, the rest of a row by vectors of one: an output may be an input.
template <class D, class Op>
HWY_INLINE void for_lanes_once(D d, index_t count, const Op& op) {
  const hn::CappedTag<hn::TFromD<D>, 1> one;
  index_t i = 0;
  for (; i + lanes(d) <= count; i += lanes(d)) op(d, i);
  for (; i < count; ++i) op(one, i);
}

/// Samples of any type as vectors of float.
template <class D>
HWY_INLINE hn::Vec<D> load_float(D d, const float* from) {
  return hn::LoadU(d, from);
}
template <class D, class T, HWY_IF_NOT_FLOAT(T)>
HWY_INLINE hn::Vec<D> load_float(D d, const T* from) {
  const hn::Rebind<int32_t, D> d32;
  return hn::ConvertTo(d, hn::PromoteTo(d32, hn::LoadU(hn::Rebind<T, D>(), from)));
}

/// Floats as samples: to integers rounded to nearest, ties to even, and cut to their range; NaN becomes 0.
template <class T, class D>
HWY_INLINE hn::Vec<hn::Rebind<T, D>> to_samples(D d, hn::Vec<D> value) {
  if constexpr (std::is_same_v<T, float>) {
    return value;
  } else {
    static_assert(std::is_unsigned_v<T> && sizeof(T) <= 2);
    // Beside 2^23 there is no room for fractional bits: the addition rounds, and leaves the number in the
    // lower bits. This order of the arguments makes NaN the limit where a comparison with it is false.
    const auto cut =
        hn::Min(hn::Max(value, hn::Zero(d)), hn::Set(d, static_cast<float>(hwy::LimitsMax<T>())));
    const auto whole = hn::Add(cut, hn::Set(d, 8388608.0F));
    return hn::TruncateTo(hn::Rebind<T, D>(), hn::BitCast(hn::Rebind<uint32_t, D>(), whole));
  }
}

template <class D, class T>
HWY_INLINE void store_float(D d, hn::Vec<D> value, T* to) {
  hn::StoreU(to_samples<T>(d, value), hn::Rebind<T, D>(), to);
}

/// a[2 i] b[2 i] + a[2 i + 1] b[2 i + 1], of vectors of at least two lanes.
template <class D>
HWY_INLINE hn::Vec<D> sum_of_products(D d, hn::Vec<hn::Repartition<int16_t, D>> a,
                                      hn::Vec<hn::Repartition<int16_t, D>> b) {
  auto others = hn::Zero(d);
  const auto some = hn::ReorderWidenMulAccumulate(d, a, b, hn::Zero(d), others);
  return hn::RearrangeToOddPlusEven(some, others);
}

/// 8-bit samples as 16-bit lanes, signed or not.
template <class D>
HWY_INLINE hn::Vec<D> load_wide(D d, const uint8_t* from) {
  return hn::PromoteTo(d, hn::LoadU(hn::Rebind<uint8_t, D>(), from));
}

/// 16-bit lanes as 8-bit samples, cut to 0 .. 255 from below 32768.
template <class D>
HWY_INLINE void store_narrow(D d, hn::Vec<D> value, uint8_t* to) {
  const hn::Rebind<int16_t, D> signed16;
  const hn::Rebind<uint8_t, D> d8;
  (void)d;
  hn::StoreU(hn::DemoteTo(d8, hn::BitCast(signed16, value)), d8, to);
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
