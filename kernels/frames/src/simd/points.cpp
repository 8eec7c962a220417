#include "points.hpp"

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

/// The samples at even and at odd places apart, as the lower and the upper halves of 16 bits.
void gray_row(const uint8_t* rgb, index_t width, uint8_t* gray) {
#if HWY_TARGET == HWY_SCALAR
  gray_row(rgb, 0, width, gray);
#else
  const hn::ScalableTag<uint8_t> d;
  const hn::Repartition<uint16_t, decltype(d)> d16;
  const auto weighed = [d16](auto red, auto green, auto blue) HWY_ATTR {
    const auto sum = hn::Add(hn::Mul(red, hn::Set(d16, 77)), hn::Mul(green, hn::Set(d16, 150)));
    return hn::Add(hn::Add(sum, hn::Mul(blue, hn::Set(d16, 29))), hn::Set(d16, 128));
  };
  const auto low = hn::Set(d16, 0xff);
  index_t x = 0;
  for (; x + lanes(d) <= width; x += lanes(d)) {
    hn::Vec<decltype(d)> red, green, blue;
    hn::LoadInterleaved3(d, rgb + 3 * x, red, green, blue);
    const auto r = hn::BitCast(d16, red), g = hn::BitCast(d16, green), b = hn::BitCast(d16, blue);
    const auto even = weighed(hn::And(r, low), hn::And(g, low), hn::And(b, low));
    const auto odd = weighed(hn::ShiftRight<8>(r), hn::ShiftRight<8>(g), hn::ShiftRight<8>(b));
    hn::StoreU(hn::BitCast(d, hn::Or(hn::ShiftRight<8>(even), hn::AndNot(low, odd))), d, gray + x);
  }
  gray_row(rgb, x, width, gray);
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
