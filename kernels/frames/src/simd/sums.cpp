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

template <class T, class Sum>
struct column_sums {
  const T* const* taps;
  index_t height;
  Sum* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    auto sum = load_sum<Sum>(d, taps[0] + i);
    for (index_t t = 1; t < height; ++t) sum = hn::Add(sum, load_sum<Sum>(d, taps[t] + i));
    hn::StoreU(sum, d, out + i);
  }
};

template <class T, class Sum>
void sum_columns(const T* const* taps, index_t height, index_t count, Sum* out) {
  for_lanes(hn::ScalableTag<Sum>(), count, column_sums<T, Sum>{taps, height, out});
}

template <class D, class T, class Sum>
HWY_INLINE void move_down(D d, const T* entering, const T* leaving, Sum* sums, Sum* out) {
  const auto moved = hn::Sub(hn::Add(hn::LoadU(d, sums), load_sum<Sum>(d, entering)), load_sum<Sum>(d, leaving));
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

/// floor((s + area / 2) / area) of 16-bit sums s <= 255 area by a multiplication: with M = ceil(2^n / area) the
/// quotient is (s M) >> n while s (M area - 2^n) < 2^n, and n = 15 + bits of area makes M as long as 16 bits.
struct narrow_scale {
  const uint16_t* sums;
  uint16_t half;
  uint16_t multiplier;
  int shift;
  uint8_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto sum = hn::Add(hn::LoadU(d, sums + i), hn::Set(d, half));
    store_narrow(d, hn::ShiftRightSame(hn::MulHigh(sum, hn::Set(d, multiplier)), shift), out + i);
  }
};

void scale_narrow(const uint16_t* sums, index_t area, index_t count, uint8_t* out) {
  const hn::ScalableTag<uint16_t> d;
  int bits = 0;
  while ((index_t{1} << (bits + 1)) <= area) ++bits;
  // A power of two would need 2^16 itself.
  const bool power = (index_t{1} << bits) == area;
  const index_t n = index_t{1} << (16 + bits - (power ? 1 : 0));
  const auto multiplier = static_cast<uint16_t>((n + area - 1) / area);
  for_lanes(d, count,
            narrow_scale{sums, static_cast<uint16_t>(area / 2), multiplier, bits - (power ? 1 : 0), out});
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
constexpr detail::wide_sum_rows<T> wide{sum_columns<T, detail::wide_sum<T>>, next_sums<T, detail::wide_sum<T>>,
                                        adjacent_windows<sum_of, detail::wide_sum<T>>,
                                        scale_wide<T, detail::wide_sum<T>>};

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
