#include "narrow_bilateral.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "narrow_bilateral.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

using detail::narrow_falling;
using detail::narrow_tap;

// 2^-y = 1 - y (falling - bending y) within 0.003 for y of 0 to 1, in 2^-16.
constexpr uint16_t falling = 44012;
constexpr uint16_t bending = 11244;
constexpr uint16_t one = 65535;

void split(const uint8_t* in, index_t channels, index_t begin, index_t width, uint16_t* const* planes) {
  for (index_t c = 0; c < channels; ++c)
    for (index_t x = begin; x < width; ++x) planes[c][x] = in[x * channels + c];
}

#if HWY_TARGET == HWY_SCALAR

uint32_t upper_half(uint32_t a, uint32_t b) {
  return (a * b) >> 16;
}

uint32_t weight_of(const narrow_tap& tap, const narrow_tap& centre, const narrow_falling& by,
                   index_t channels, index_t x) {
  uint32_t apart = 0;
  for (index_t c = 0; c < channels; ++c) {
    const auto [least, most] = std::minmax(tap.planes[c][x], centre.planes[c][x]);
    apart += static_cast<uint32_t>(most - least);
  }
  const uint32_t q = std::min<uint32_t>(apart, by.most) * by.factor;
  const uint32_t fallen = std::min<uint32_t>(upper_half(upper_half(q, q), by.square) + tap.decay, 65535);
  const uint32_t y = (fallen << 4) & 0xffff;
  return (one - upper_half(y, falling - upper_half(y, bending))) >> ((fallen >> 12) + 1);
}

void apply(std::span<const narrow_tap> taps, const narrow_tap& centre, const narrow_falling& by,
           index_t channels, index_t count, uint8_t* out) {
  const hn::CappedTag<float, 1> d;
  for (index_t x = 0; x < count; ++x)
    for (index_t c = 0; c < channels; ++c) {
      uint32_t sum = 0, weights = 0;
      for (const narrow_tap& tap : taps) {
        const uint32_t weight = weight_of(tap, centre, by, channels, x);
        sum += weight * tap.planes[c][x];
        weights += weight;
      }
      store_float(d, hn::Set(d, static_cast<float>(sum) / static_cast<float>(weights)),
                  out + x * channels + c);
    }
}

void split_row(const uint8_t* in, index_t channels, index_t width, uint16_t* const* planes) {
  split(in, channels, 0, width, planes);
}

#else

constexpr hn::ScalableTag<uint16_t> d16;
constexpr hn::Repartition<int16_t, hn::ScalableTag<uint16_t> > s16;
constexpr hn::Repartition<int32_t, hn::ScalableTag<uint16_t> > d32;
constexpr hn::Repartition<float, hn::ScalableTag<uint16_t> > df;
constexpr hn::Rebind<uint8_t, hn::ScalableTag<uint16_t> > d8;
using words = hn::Vec<hn::ScalableTag<uint16_t> >;
using sums = hn::Vec<hn::Repartition<int32_t, hn::ScalableTag<uint16_t> > >;

/// value >> (bits + 1) for bits of 0 to 15.
HWY_INLINE words shifted(words value, words bits) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return hn::Shr(hn::ShiftRight<1>(value), bits);
#else
  // Without shifts by 16-bit lanes: the upper half of a product with 2^(15 - bits), whose bytes are looked
  // up. The upper byte of an index is 0; what it looks up is 0 too, or shifted away.
  alignas(16) static constexpr uint8_t lower[16] = {0, 0, 0, 0, 0, 0, 0, 0, 128, 64, 32, 16, 8, 4, 2, 1};
  alignas(16) static constexpr uint8_t upper[16] = {128, 64, 32, 16, 8, 4, 2, 1};
  const hn::Repartition<uint8_t, decltype(d16)> bytes;
  const auto look_up = [=](const uint8_t* table) HWY_ATTR {
    return hn::TableLookupBytes(hn::BitCast(d16, hn::LoadDup128(bytes, table)), bits);
  };
  return hn::MulHigh(value, hn::Or(look_up(lower), hn::ShiftLeft<8>(look_up(upper))));
#endif
}

HWY_INLINE words weight_of(words apart, uint16_t decay, const narrow_falling& by) {
  const auto q = hn::Mul(hn::Min(apart, hn::Set(d16, by.most)), hn::Set(d16, by.factor));
  const auto fallen =
      hn::SaturatedAdd(hn::MulHigh(hn::MulHigh(q, q), hn::Set(d16, by.square)), hn::Set(d16, decay));
  const auto y = hn::ShiftLeft<4>(fallen);
  const auto slope = hn::Sub(hn::Set(d16, falling), hn::MulHigh(y, hn::Set(d16, bending)));
  return shifted(hn::Sub(hn::Set(d16, one), hn::MulHigh(y, slope)), hn::ShiftRight<12>(fallen));
}

/// Sums of 32 bits of 16-bit lanes, in two vectors that take turns block by block, as lanes are interleaved.
struct wide_sums {
  sums lower, upper;

  HWY_INLINE wide_sums() : lower(hn::Zero(d32)), upper(hn::Zero(d32)) {}

  /// Adds a0 b0 + a1 b1.
  HWY_INLINE void add(words a0, words a1, words b0, words b1) {
    lower = add_products(hn::InterleaveLower(d16, a0, a1), hn::InterleaveLower(d16, b0, b1), lower);
    upper = add_products(hn::InterleaveUpper(d16, a0, a1), hn::InterleaveUpper(d16, b0, b1), upper);
  }

 private:
  static HWY_INLINE sums add_products(words a, words b, sums sum) {
    auto other = hn::Zero(d32);
    sum = hn::ReorderWidenMulAccumulate(d32, hn::BitCast(s16, a), hn::BitCast(s16, b), sum, other);
    return hn::RearrangeToOddPlusEven(sum, other);
  }
};

HWY_INLINE sums quotient(sums sum, words weights) {
  const auto whole = hn::ConvertTo(df, hn::BitCast(d32, weights));
  return hn::NearestInt(hn::Div(hn::ConvertTo(df, sum), whole));
}

template <index_t Channels>
struct means {
  std::span<const narrow_tap> taps;
  const narrow_tap& centre;
  const narrow_falling& by;

  HWY_INLINE void operator()(index_t i, uint8_t* out) const {
    words middle[Channels];
    wide_sums sum[Channels];
    for (index_t c = 0; c < Channels; ++c) middle[c] = hn::LoadU(d16, centre.planes[c] + i);
    words weights = hn::Zero(d16);
    for (std::size_t t = 0; t < taps.size(); t += 2) {
      words first[Channels], second[Channels];
      const auto weight0 = weigh(taps[t], i, middle, first);
      const auto weight1 = weigh(taps[t + 1], i, middle, second);
      weights = hn::Add(weights, hn::Add(weight0, weight1));
      for (index_t c = 0; c < Channels; ++c) sum[c].add(weight0, weight1, first[c], second[c]);
    }
    put(sum, weights, out);
  }

 private:
  HWY_INLINE words weigh(const narrow_tap& tap, index_t i, const words* middle, words* samples) const {
    auto apart = hn::Zero(d16);
    for (index_t c = 0; c < Channels; ++c) {
      samples[c] = in_register(hn::LoadU(d16, tap.planes[c] + i));
      apart = hn::Add(apart, hn::Sub(hn::Max(samples[c], middle[c]), hn::Min(samples[c], middle[c])));
    }
    return weight_of(apart, tap.decay, by);
  }

  static HWY_INLINE void put(const wide_sums* sum, words weights, uint8_t* out) {
    const auto mean = [=](index_t c) HWY_ATTR {
      const auto lower = quotient(sum[c].lower, hn::InterleaveLower(d16, weights, hn::Zero(d16)));
      const auto upper = quotient(sum[c].upper, hn::InterleaveUpper(d16, weights, hn::Zero(d16)));
      return hn::DemoteTo(d8, hn::ReorderDemote2To(s16, lower, upper));
    };
    if constexpr (Channels == 1) hn::StoreU(mean(0), d8, out);
    if constexpr (Channels == 2) hn::StoreInterleaved2(mean(0), mean(1), d8, out);
    if constexpr (Channels == 3) hn::StoreInterleaved3(mean(0), mean(1), mean(2), d8, out);
    if constexpr (Channels == 4) hn::StoreInterleaved4(mean(0), mean(1), mean(2), mean(3), d8, out);
  }
};

template <index_t Channels>
void apply_to(const means<Channels>& of, index_t count, uint8_t* out) {
  index_t i = 0;
  for (; i + lanes(d16) <= count; i += lanes(d16)) of(i, out + i * Channels);
  if (i == count) return;
  uint8_t last[Channels * HWY_MAX_BYTES];
  of(i, last);
  std::copy_n(last, (count - i) * Channels, out + i * Channels);
}

void apply(std::span<const narrow_tap> taps, const narrow_tap& centre, const narrow_falling& by,
           index_t channels, index_t count, uint8_t* out) {
  switch (channels) {
    case 1:
      return apply_to(means<1>{taps, centre, by}, count, out);
    case 2:
      return apply_to(means<2>{taps, centre, by}, count, out);
    case 3:
      return apply_to(means<3>{taps, centre, by}, count, out);
    default:
      return apply_to(means<4>{taps, centre, by}, count, out);
  }
}

void split_row(const uint8_t* in, index_t channels, index_t width, uint16_t* const* planes) {
  index_t x = 0;
  const auto put = [&](auto value, index_t c)
                       HWY_ATTR { hn::StoreU(hn::PromoteTo(d16, value), d16, planes[c] + x); };
  if (channels == 1)
    for (; x + lanes(d16) <= width; x += lanes(d16)) put(hn::LoadU(d8, in + x), 0);
  if (channels == 3)
    for (; x + lanes(d16) <= width; x += lanes(d16)) {
      hn::Vec<decltype(d8)> a, b, c;
      hn::LoadInterleaved3(d8, in + 3 * x, a, b, c);
      put(a, 0), put(b, 1), put(c, 2);
    }
  split(in, channels, x, width, planes);
}

#endif

}  // namespace

detail::narrow_bilateral_rows NarrowBilateral() {
  return {apply, split_row};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(NarrowBilateral);

detail::narrow_bilateral_rows detail::narrow_bilateral() {
  return HWY_DYNAMIC_DISPATCH(NarrowBilateral)();
}

}  // namespace polyloop::frames
#endif
