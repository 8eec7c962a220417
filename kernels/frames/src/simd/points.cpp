#include "points.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "points.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

template <threshold_form Form, class T>
struct thresholding {
  const T* in;
  T limit;
  T high;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto sample = hn::LoadU(d, in + i);
    const auto above = hn::Gt(sample, hn::Set(d, limit));
    hn::StoreU(value(d, sample, above), d, out + i);
  }

 private:
  template <class D, class V, class M>
  HWY_INLINE V value(D d, V sample, M above) const {
    if constexpr (Form == threshold_form::binary) return hn::IfThenElseZero(above, hn::Set(d, high));
    if constexpr (Form == threshold_form::binary_inverted) return hn::IfThenZeroElse(above, hn::Set(d, high));
    if constexpr (Form == threshold_form::truncate) return hn::IfThenElse(above, hn::Set(d, limit), sample);
    if constexpr (Form == threshold_form::to_zero) return hn::IfThenElseZero(above, sample);
    if constexpr (Form == threshold_form::to_zero_inverted) return hn::IfThenZeroElse(above, sample);
  }
};

template <threshold_form Form, class T>
void threshold_as(const T* in, const threshold_at<T>& how, index_t count, T* out) {
  for_lanes_once(hn::ScalableTag<T>(), count, thresholding<Form, T>{in, how.limit, how.high, out});
}

template <class T>
void threshold_row(const T* in, const threshold_at<T>& how, index_t count, T* out) {
  using enum threshold_form;
  switch (how.form) {
    case binary:
      return threshold_as<binary>(in, how, count, out);
    case binary_inverted:
      return threshold_as<binary_inverted>(in, how, count, out);
    case truncate:
      return threshold_as<truncate>(in, how, count, out);
    case to_zero:
      return threshold_as<to_zero>(in, how, count, out);
    case to_zero_inverted:
      return threshold_as<to_zero_inverted>(in, how, count, out);
  }
}

template <class T>
struct differing {
  const T* a;
  const T* b;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto va = hn::LoadU(d, a + i);
    const auto vb = hn::LoadU(d, b + i);
    if constexpr (std::is_floating_point_v<T>)
      hn::StoreU(hn::Abs(hn::Sub(va, vb)), d, out + i);
    else
      hn::StoreU(hn::Or(hn::SaturatedSub(va, vb), hn::SaturatedSub(vb, va)), d, out + i);
  }
};

template <class T>
void difference_row(const T* a, const T* b, index_t count, T* out) {
  for_lanes_once(hn::ScalableTag<T>(), count, differing<T>{a, b, out});
}

template <class T>
struct following {
  const T* in;
  float rate;
  float* background;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto before = hn::LoadU(d, background + i);
    const auto difference = hn::Sub(load_float(d, in + i), before);
    hn::StoreU(hn::Add(before, hn::Mul(hn::Set(d, rate), difference)), d, background + i);
    store_float(d, hn::Abs(difference), out + i);
  }
};

template <class T>
void background_row(const T* in, float rate, index_t count, float* background, T* out) {
  for_lanes_once(hn::ScalableTag<float>(), count, following<T>{in, rate, background, out});
}

template <class T>
constexpr detail::point_rows<T> rows{threshold_row<T>, difference_row<T>, background_row<T>};

void gray_row(const uint8_t* rgb, index_t begin, index_t end, uint8_t* gray) {
  for (index_t x = begin; x < end; ++x)
    gray[x] = static_cast<uint8_t>((77 * rgb[3 * x] + 150 * rgb[3 * x + 1] + 29 * rgb[3 * x + 2] + 128) >> 8);
}

#if HWY_TARGET != HWY_SCALAR

/// A vector of gray samples: the samples at even and at odd places apart, as the lower and the upper halves
/// of 16 bits.
template <class D>
HWY_INLINE hn::Vec<D> gray_of_planes(D d, const uint8_t* rgb) {
  const hn::Repartition<uint16_t, D> d16;
  const auto weighed = [d16](auto red, auto green, auto blue) HWY_ATTR {
    const auto sum = hn::Add(hn::Mul(red, hn::Set(d16, 77)), hn::Mul(green, hn::Set(d16, 150)));
    return hn::Add(hn::Add(sum, hn::Mul(blue, hn::Set(d16, 29))), hn::Set(d16, 128));
  };
  const auto low = hn::Set(d16, 0xff);
  hn::Vec<D> red, green, blue;
  hn::LoadInterleaved3(d, rgb, red, green, blue);
  const auto r = hn::BitCast(d16, red), g = hn::BitCast(d16, green), b = hn::BitCast(d16, blue);
  const auto even = weighed(hn::And(r, low), hn::And(g, low), hn::And(b, low));
  const auto odd = weighed(hn::ShiftRight<8>(r), hn::ShiftRight<8>(g), hn::ShiftRight<8>(b));
  return hn::BitCast(d, hn::Or(hn::ShiftRight<8>(even), hn::AndNot(low, odd)));
}

#if HWY_TARGET == HWY_SSSE3 || HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_AVX2

/// 16 bytes from `from`, and as many from each 48 bytes further on.
HWY_INLINE hn::Vec<hn::Full128<uint8_t>> load_blocks(hn::Full128<uint8_t> d, const uint8_t* from) {
  return hn::LoadU(d, from);
}
#if HWY_TARGET == HWY_AVX2
HWY_INLINE hn::Vec<hn::Full256<uint8_t>> load_blocks(hn::Full256<uint8_t> d, const uint8_t* from) {
  const hn::Full128<uint8_t> half;
  return hn::Combine(d, hn::LoadU(half, from + 48), hn::LoadU(half, from));
}
#endif

/// 16 places of a block of 16 bytes, or 0x80 for a zero.
struct places {
  alignas(16) uint8_t of[16];
};

/// The same without taking the channels apart: products of pairs of 16 bits, which are red and green, or blue
/// alone, of four pixels in each block; the byte above the lowest is the gray sample. Reads the four bytes
/// that follow.
template <class D>
HWY_INLINE hn::Vec<D> gray_of_pairs(D d, const uint8_t* rgb) {
  const hn::Repartition<int16_t, D> d16;
  const hn::Repartition<int32_t, D> d32;
  constexpr uint8_t o = 0x80;
  static constexpr places red_green{{0, o, 1, o, 3, o, 4, o, 6, o, 7, o, 9, o, 10, o}};
  static constexpr places blue_alone{{2, o, o, o, 5, o, o, o, 8, o, o, o, 11, o, o, o}};
  static constexpr places gray[4] = {{{1, 5, 9, 13, o, o, o, o, o, o, o, o, o, o, o, o}},
                                     {{o, o, o, o, 1, 5, 9, 13, o, o, o, o, o, o, o, o}},
                                     {{o, o, o, o, o, o, o, o, 1, 5, 9, 13, o, o, o, o}},
                                     {{o, o, o, o, o, o, o, o, o, o, o, o, 1, 5, 9, 13}}};
  const auto at = [d](const places& from) HWY_ATTR { return hn::LoadDup128(d, from.of); };
  const auto weights = hn::BitCast(d16, hn::Set(d32, 150 << 16 | 77));
  auto all = hn::Zero(d);
  for (index_t k = 0; k < 4; ++k) {
    const auto pixels = load_blocks(d, rgb + 12 * k);
    const auto pairs = hn::BitCast(d16, hn::TableLookupBytesOr0(pixels, at(red_green)));
    const auto blue = hn::BitCast(d16, hn::TableLookupBytesOr0(pixels, at(blue_alone)));
    const auto sums = hn::Add(sum_of_products(d32, pairs, weights),
                              sum_of_products(d32, blue, hn::BitCast(d16, hn::Set(d32, 29))));
    const auto rounded = hn::BitCast(d, hn::Add(sums, hn::Set(d32, 128)));
    all = hn::Or(all, hn::TableLookupBytesOr0(rounded, at(gray[k])));
  }
  return all;
}
constexpr index_t pixels_behind = 2;

#else

template <class D>
HWY_INLINE hn::Vec<D> gray_of_pairs(D d, const uint8_t* rgb) {
  return gray_of_planes(d, rgb);
}
constexpr index_t pixels_behind = 0;

#endif
#endif

void gray_row(const uint8_t* rgb, index_t width, uint8_t* gray) {
#if HWY_TARGET == HWY_SCALAR
  gray_row(rgb, 0, width, gray);
#else
  const hn::ScalableTag<uint8_t> d;
  const index_t step = lanes(d);
  if (width < step) return gray_row(rgb, 0, width, gray);
  index_t x = 0;
  for (; x + step + pixels_behind <= width; x += step) hn::StoreU(gray_of_pairs(d, rgb + 3 * x), d, gray + x);
  for (; x < width; x += step) {
    const index_t last = std::min(x, width - step);
    hn::StoreU(gray_of_planes(d, rgb + 3 * last), d, gray + last);
  }
#endif
}

}  // namespace

detail::for_each_sample<detail::point_rows> Points() {
  return {rows<uint8_t>, rows<uint16_t>, rows<float>};
}

void GrayBytes(const uint8_t* rgb, index_t width, uint8_t* gray) {
  gray_row(rgb, width, gray);
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Points);
HWY_EXPORT(GrayBytes);

detail::for_each_sample<detail::point_rows> detail::points() {
  return HWY_DYNAMIC_DISPATCH(Points)();
}

void detail::gray_bytes(const std::uint8_t* rgb, index_t width, std::uint8_t* gray) {
  HWY_DYNAMIC_DISPATCH(GrayBytes)(rgb, width, gray);
}

}  // namespace polyloop::frames
#endif
