#include "yuv_rows.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "yuv_rows.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

using detail::chroma_lines;
using detail::from_rgb_weights;
using detail::split_weight;
using detail::to_rgb_weights;

template <class D>
HWY_INLINE hn::Vec<D> upper_product(D d, hn::Vec<D> value, split_weight weight) {
  return hn::Mul(value, hn::Set(d, weight.upper));
}
template <class D>
HWY_INLINE hn::Vec<D> lower_product(D d, hn::Vec<D> value, split_weight weight) {
  return hn::Mul(value, hn::Set(d, weight.lower));
}

/// Each chroma sample stands for two pixels.
struct doubled {
  const uint8_t* u;
  const uint8_t* v;
  const to_rgb_weights& by;
  const chroma_lines& out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto centre = hn::Set(d, 128);
    const auto vu = hn::Sub(load_wide(d, u + i), centre);
    const auto vv = hn::Sub(load_wide(d, v + i), centre);
    put(d, i, upper_product(d, vv, by.rv), out.upper[0]);
    put(d, i, hn::Add(upper_product(d, vu, by.gu), upper_product(d, vv, by.gv)), out.upper[1]);
    put(d, i, upper_product(d, vu, by.bu), out.upper[2]);
    put(d, i, hn::Add(lower_product(d, vv, by.rv), centre), out.lower[0]);
    put(d, i, hn::Add(hn::Add(lower_product(d, vu, by.gu), lower_product(d, vv, by.gv)), centre),
        out.lower[1]);
    put(d, i, hn::Add(lower_product(d, vu, by.bu), centre), out.lower[2]);
  }

 private:
  template <class D>
  static HWY_INLINE void put(D d, index_t i, hn::Vec<D> value, int16_t* line) {
    hn::StoreInterleaved2(value, value, d, line + 2 * i);
  }
};

void chroma_row(const uint8_t* u, const uint8_t* v, const to_rgb_weights& by, index_t width,
                const chroma_lines& out) {
  for_lanes(hn::ScalableTag<int16_t>(), (width + 1) / 2, doubled{u, v, by, out});
}

struct joined {
  const uint8_t* y;
  const chroma_lines& chroma;
  const to_rgb_weights& by;
  uint8_t* rgb;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const hn::Rebind<uint8_t, D> d8;
    const auto luma = hn::Sub(load_wide(d, y + i), hn::Set(d, by.offset));
    const auto upper = upper_product(d, luma, by.y);
    const auto lower = lower_product(d, luma, by.y);
    hn::StoreInterleaved3(colour(d, i, 0, upper, lower), colour(d, i, 1, upper, lower),
                          colour(d, i, 2, upper, lower), d8, rgb + 3 * i);
  }

 private:
  template <class D>
  HWY_INLINE hn::Vec<hn::Rebind<uint8_t, D>> colour(D d, index_t i, int c, hn::Vec<D> upper,
                                                    hn::Vec<D> lower) const {
    const auto rest = hn::ShiftRight<8>(hn::Add(lower, hn::LoadU(d, chroma.lower[c] + i)));
    return hn::DemoteTo(hn::Rebind<uint8_t, D>(),
                        hn::Add(hn::Add(upper, hn::LoadU(d, chroma.upper[c] + i)), rest));
  }
};

void rgb_row(const uint8_t* y, const chroma_lines& chroma, const to_rgb_weights& by, index_t width,
             uint8_t* rgb) {
  for_lanes(hn::ScalableTag<int16_t>(), width, joined{y, chroma, by, rgb});
}

/// The products of a pixel in 16 bits that wrap: the sum with its bias is one of 16 bits again.
uint8_t weighed(int r, int g, int b, const int16_t (&by)[3], int bias) {
  return static_cast<uint8_t>((by[0] * r + by[1] * g + by[2] * b + bias) >> 8);
}

int luma_bias(const from_rgb_weights& by) {
  return 256 * by.offset + 128;
}
constexpr int chroma_bias = 256 * 128 + 127;

void luma_rest(const uint8_t* rgb, const from_rgb_weights& by, index_t begin, index_t width, uint8_t* y) {
  for (index_t x = begin; x < width; ++x)
    y[x] = weighed(rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2], by.y, luma_bias(by));
}

/// sample(c, x) is channel c of the pixels under chroma sample x.
template <class Sample>
void chroma_rest(const from_rgb_weights& by, index_t begin, index_t width, uint8_t* u, uint8_t* v,
                 const Sample& sample) {
  for (index_t x = begin; x < (width + 1) / 2; ++x) {
    const int r = sample(0, x), g = sample(1, x), b = sample(2, x);
    u[x] = weighed(r, g, b, by.u, chroma_bias);
    v[x] = weighed(r, g, b, by.v, chroma_bias);
  }
}

#if HWY_TARGET != HWY_SCALAR

constexpr hn::ScalableTag<uint8_t> d8;
constexpr hn::Repartition<uint16_t, hn::ScalableTag<uint8_t>> d16;
using bytes = hn::Vec<hn::ScalableTag<uint8_t>>;
using words = hn::Vec<hn::Repartition<uint16_t, hn::ScalableTag<uint8_t>>>;

HWY_INLINE words even(bytes v) {
  return hn::And(hn::BitCast(d16, v), hn::Set(d16, 0xff));
}
HWY_INLINE words odd(bytes v) {
  return hn::ShiftRight<8>(hn::BitCast(d16, v));
}

HWY_INLINE words weigh(words r, words g, words b, const int16_t (&by)[3], int bias) {
  const auto product = [](words value, int16_t weight)
                           HWY_ATTR { return hn::Mul(value, hn::Set(d16, static_cast<uint16_t>(weight))); };
  const auto sum = hn::Add(hn::Add(product(r, by[0]), product(g, by[1])), product(b, by[2]));
  return hn::Add(sum, hn::Set(d16, static_cast<uint16_t>(bias)));
}

index_t luma_vectors(const uint8_t* rgb, const from_rgb_weights& by, index_t width, uint8_t* y) {
  index_t x = 0;
  for (; x + lanes(d8) <= width; x += lanes(d8)) {
    bytes r, g, b;
    hn::LoadInterleaved3(d8, rgb + 3 * x, r, g, b);
    const auto lower = hn::ShiftRight<8>(weigh(even(r), even(g), even(b), by.y, luma_bias(by)));
    const auto upper = hn::AndNot(hn::Set(d16, 0xff), weigh(odd(r), odd(g), odd(b), by.y, luma_bias(by)));
    hn::StoreU(hn::BitCast(d8, hn::Or(lower, upper)), d8, y + x);
  }
  return x;
}

HWY_INLINE void put_chroma(words r, words g, words b, const from_rgb_weights& by, uint8_t* u, uint8_t* v) {
  store_narrow(d16, hn::ShiftRight<8>(weigh(r, g, b, by.u, chroma_bias)), u);
  store_narrow(d16, hn::ShiftRight<8>(weigh(r, g, b, by.v, chroma_bias)), v);
}

index_t corner_vectors(const uint8_t* upper, const from_rgb_weights& by, index_t width, uint8_t* u,
                       uint8_t* v) {
  index_t x = 0;
  for (; 2 * x + lanes(d8) <= width; x += lanes(d16)) {
    bytes r, g, b;
    hn::LoadInterleaved3(d8, upper + 6 * x, r, g, b);
    put_chroma(even(r), even(g), even(b), by, u + x, v + x);
  }
  return x;
}

index_t mean_vectors(const uint8_t* upper, const uint8_t* lower, const from_rgb_weights& by, index_t width,
                     uint8_t* u, uint8_t* v) {
  const auto mean = [](bytes a, bytes b) HWY_ATTR {
    const auto sum = hn::Add(hn::Add(even(a), odd(a)), hn::Add(even(b), odd(b)));
    return hn::ShiftRight<2>(hn::Add(sum, hn::Set(d16, 2)));
  };
  index_t x = 0;
  for (; 2 * x + lanes(d8) <= width; x += lanes(d16)) {
    bytes r0, g0, b0, r1, g1, b1;
    hn::LoadInterleaved3(d8, upper + 6 * x, r0, g0, b0);
    hn::LoadInterleaved3(d8, lower + 6 * x, r1, g1, b1);
    put_chroma(mean(r0, r1), mean(g0, g1), mean(b0, b1), by, u + x, v + x);
  }
  return x;
}

#else

index_t luma_vectors(const uint8_t*, const from_rgb_weights&, index_t, uint8_t*) {
  return 0;
}
index_t corner_vectors(const uint8_t*, const from_rgb_weights&, index_t, uint8_t*, uint8_t*) {
  return 0;
}
index_t mean_vectors(const uint8_t*, const uint8_t*, const from_rgb_weights&, index_t, uint8_t*, uint8_t*) {
  return 0;
}

#endif

void luma_row(const uint8_t* rgb, const from_rgb_weights& by, index_t width, uint8_t* y) {
  luma_rest(rgb, by, luma_vectors(rgb, by, width, y), width, y);
}

void corner_row(const uint8_t* upper, const uint8_t*, const from_rgb_weights& by, index_t width, uint8_t* u,
                uint8_t* v) {
  chroma_rest(by, corner_vectors(upper, by, width, u, v), width, u, v,
              [=](index_t c, index_t x) { return int{upper[6 * x + c]}; });
}

void mean_row(const uint8_t* upper, const uint8_t* lower, const from_rgb_weights& by, index_t width,
              uint8_t* u, uint8_t* v) {
  chroma_rest(by, mean_vectors(upper, lower, by, width, u, v), width, u, v, [=](index_t c, index_t x) {
    const index_t left = 6 * x + c;
    const index_t right = 3 * std::min(2 * x + 1, width - 1) + c;
    return (upper[left] + upper[right] + lower[left] + lower[right] + 2) >> 2;
  });
}

}  // namespace

detail::yuv_rows Yuv() {
  return {chroma_row, rgb_row, luma_row, corner_row, mean_row};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Yuv);

detail::yuv_rows detail::yuv() {
  return HWY_DYNAMIC_DISPATCH(Yuv)();
}

}  // namespace polyloop::frames
#endif
