#include "windows.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sums.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "windows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

template <class Sum, class D, class T>
HWY_INLINE hn::Vec<D> load_sum(D d, const T* from) {
  if constexpr (std::is_same_v<T, Sum>)
    return hn::LoadU(d, from);
  else
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<T, D>(), from));
}

template <class T, class Sum, index_t Height>
struct column_sums {
  const T* const* taps;
  index_t any_height;
  Sum* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const index_t height = Height > 0 ? Height : any_height;
    auto sum = load_sum<Sum>(d, taps[0] + i);
    for (index_t t = 1; t < height; ++t) sum = hn::Add(sum, load_sum<Sum>(d, taps[t] + i));
    hn::StoreU(sum, d, out + i);
  }
};

template <class T, class Sum>
void sum_columns(const T* const* taps, index_t height, index_t count, Sum* out) {
  with_side(height, [=](auto side) HWY_ATTR {
    for_lanes(hn::ScalableTag<Sum>(), count, column_sums<T, Sum, decltype(side)::value>{taps, height, out});
  });
}

template <class D, class T, class Sum>
HWY_INLINE void move_down(D d, const T* entering, const T* leaving, Sum* sums, Sum* out) {
  const auto moved =
      hn::Sub(hn::Add(hn::LoadU(d, sums), load_sum<Sum>(d, entering)), load_sum<Sum>(d, leaving));
  hn::StoreU(moved, d, sums);
  hn::StoreU(moved, d, out);
}

/// Sums that change where they are: none may be done twice.
template <class T, class Sum>
void next_sums(const T* entering, const T* leaving, index_t count, Sum* sums, Sum* out) {
  const hn::ScalableTag<Sum> d;
  const hn::CappedTag<Sum, 1> one;
  index_t i = 0;
  for (; i + lanes(d) <= count; i += lanes(d)) move_down(d, entering + i, leaving + i, sums + i, out + i);
  for (; i < count; ++i) move_down(one, entering + i, leaving + i, sums + i, out + i);
}

/// floor(s / area) of s <= most by a multiplication: (s M) / 2^n with M = 2^n / area rounded up, or (s + 1) M
/// / 2^n with M rounded down. With e the distance of M area to 2^n the former is exact while most e < 2^n,
/// the latter while (most + 1) e <= 2^n. For n = 16 + floor(log2(area)) one of them is; M fits 16 bits.
struct divisor {
  uint16_t added;
  uint16_t multiplier;
  int shift;
};

divisor divisor_of(index_t area) {
  const index_t half = area / 2;
  const index_t most = 255 * area + half;
  int shift = 0;
  while ((index_t{2} << shift) <= area) ++shift;
  // Of a power of two 2^16 itself would be the multiplier.
  if ((index_t{1} << shift) == area) --shift;
  const index_t one = index_t{1} << (16 + shift);
  const index_t up = (one + area - 1) / area;
  if (most * (up * area - one) < one) return {static_cast<uint16_t>(half), static_cast<uint16_t>(up), shift};
  return {static_cast<uint16_t>(half + 1), static_cast<uint16_t>(one / area), shift};
}

struct narrow_scale {
  const uint16_t* sums;
  divisor by;
  uint8_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto sum = hn::Add(hn::LoadU(d, sums + i), hn::Set(d, by.added));
    store_narrow(d, hn::ShiftRightSame(hn::MulHigh(sum, hn::Set(d, by.multiplier)), by.shift), out + i);
  }
};

void scale_narrow(const uint16_t* sums, index_t area, index_t count, uint8_t* out) {
  for_lanes(hn::ScalableTag<uint16_t>(), count, narrow_scale{sums, divisor_of(area), out});
}

template <class D, class Sum>
HWY_INLINE hn::Vec<D> sum_to_float(D d, const Sum* from) {
  if constexpr (std::is_same_v<Sum, float>) {
    return hn::LoadU(d, from);
  } else {
    // 16 bits each, for there is no conversion of unsigned numbers; the sum is rounded once.
    const hn::Rebind<uint32_t, D> du;
    const hn::Rebind<int32_t, D> di;
    const auto sum = hn::LoadU(du, from);
    const auto upper = hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<16>(sum)));
    const auto lower = hn::ConvertTo(d, hn::BitCast(di, hn::And(sum, hn::Set(du, 0xffff))));
    return hn::Add(hn::Mul(upper, hn::Set(d, 65536.0F)), lower);
  }
}

template <class T, class Sum>
struct float_scale {
  const Sum* sums;
  float factor;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    store_float(d, hn::Mul(sum_to_float(d, sums + i), hn::Set(d, factor)), out + i);
  }
};

template <class T, class Sum>
void scale_wide(const Sum* sums, index_t area, index_t count, T* out) {
  for_lanes(hn::ScalableTag<float>(), count, float_scale<T, Sum>{sums, 1.0F / static_cast<float>(area), out});
}

template <class T>
constexpr detail::wide_sum_rows<T> wide{
    sum_columns<T, detail::wide_sum<T>>, next_sums<T, detail::wide_sum<T>>,
    adjacent_windows<sum_of, detail::wide_sum<T>>, scale_wide<T, detail::wide_sum<T>>};

}  // namespace

detail::sum_rows<uint8_t, uint16_t> NarrowSums() {
  return {sum_columns<uint8_t, uint16_t>, next_sums<uint8_t, uint16_t>, adjacent_windows<sum_of, uint16_t>,
          scale_narrow};
}

detail::for_each_sample<detail::wide_sum_rows> WideSums() {
  return {wide<uint8_t>, wide<uint16_t>, wide<float>};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(NarrowSums);
HWY_EXPORT(WideSums);

detail::sum_rows<std::uint8_t, std::uint16_t> detail::narrow_sums() {
  return HWY_DYNAMIC_DISPATCH(NarrowSums)();
}

detail::for_each_sample<detail::wide_sum_rows> detail::wide_sums() {
  return HWY_DYNAMIC_DISPATCH(WideSums)();
}

}  // namespace polyloop::frames
#endif
