#include "bilateral_rows.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bilateral_rows.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

using detail::bilateral_tap;

/// 2^x for x <= 0 within 2^-12, and 1 for 0: the whole part of x goes to the exponent, and the rest, of -1/2
/// to 1/2, through a polynomial.
template <class D>
HWY_INLINE hn::Vec<D> power_of_two(D d, hn::Vec<D> x) {
  const hn::Rebind<int32_t, D> di;
  // In 2^23 + 2^22 + x nothing is left for fractional bits, and the whole part is in the lower ones.
  const auto rounding = hn::Set(d, 12582912.0F);
  const auto limited = hn::Max(x, hn::Set(d, -126.0F));
  const auto whole = hn::Add(limited, rounding);
  const auto rest = hn::Sub(limited, hn::Sub(whole, rounding));
  auto power = hn::Add(hn::Mul(rest, hn::Set(d, 0.054592825F)), hn::Set(d, 0.242217838F));
  power = hn::Add(hn::Mul(rest, power), hn::Set(d, 0.693368601F));
  power = hn::Add(hn::Mul(rest, power), hn::Set(d, 1.0F));
  return hn::BitCast(d, hn::Add(hn::BitCast(di, power), hn::ShiftLeft<23>(hn::BitCast(di, whole))));
}

template <index_t Channels, class T>
struct weighing {
  std::span<const bilateral_tap> taps;
  const bilateral_tap& centre;
  float range;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::Vec<D> sums[Channels], middle[Channels];
    for (index_t c = 0; c < Channels; ++c) {
      sums[c] = hn::Zero(d);
      middle[c] = hn::LoadU(d, centre.planes[c] + i);
    }
    auto weights = hn::Zero(d);
    for (const bilateral_tap& tap : taps) {
      hn::Vec<D> samples[Channels];
      auto apart = hn::Zero(d);
      for (index_t c = 0; c < Channels; ++c) {
        samples[c] = hn::LoadU(d, tap.planes[c] + i);
        apart = hn::Add(apart, hn::Abs(hn::Sub(samples[c], middle[c])));
      }
      const auto exponent = hn::Add(hn::Mul(hn::Mul(apart, apart), hn::Set(d, range)), hn::Set(d, tap.decay));
      const auto weight = power_of_two(d, exponent);
      weights = hn::Add(weights, weight);
      for (index_t c = 0; c < Channels; ++c) sums[c] = hn::Add(sums[c], hn::Mul(weight, samples[c]));
    }
    for (index_t c = 0; c < Channels; ++c) sums[c] = hn::Div(sums[c], weights);
    put(d, i, sums);
  }

 private:
  template <class D>
  HWY_INLINE void put(D d, index_t i, const hn::Vec<D>* values) const {
    const hn::Rebind<T, D> narrow;
    const auto sample = [=](index_t c) HWY_ATTR { return to_samples<T>(d, values[c]); };
    T* const to = out + i * Channels;
    if constexpr (Channels == 1) hn::StoreU(sample(0), narrow, to);
    if constexpr (Channels == 2) hn::StoreInterleaved2(sample(0), sample(1), narrow, to);
    if constexpr (Channels == 3) hn::StoreInterleaved3(sample(0), sample(1), sample(2), narrow, to);
    if constexpr (Channels == 4)
      hn::StoreInterleaved4(sample(0), sample(1), sample(2), sample(3), narrow, to);
  }
};

template <class T>
void apply(std::span<const bilateral_tap> taps, const bilateral_tap& centre, float range, index_t channels,
           index_t count, T* out) {
  const hn::ScalableTag<float> d;
  switch (channels) {
    case 1:
      return for_lanes(d, count, weighing<1, T>{taps, centre, range, out});
    case 2:
      return for_lanes(d, count, weighing<2, T>{taps, centre, range, out});
    case 3:
      return for_lanes(d, count, weighing<3, T>{taps, centre, range, out});
    default:
      return for_lanes(d, count, weighing<4, T>{taps, centre, range, out});
  }
}

template <class T>
void split(const T* in, index_t channels, index_t width, float* const* planes) {
  for (index_t c = 0; c < channels; ++c)
    for (index_t x = 0; x < width; ++x) planes[c][x] = static_cast<float>(in[x * channels + c]);
}

template <class T>
constexpr detail::bilateral_rows<T> rows{apply<T>, split<T>};

}  // namespace

detail::for_each_sample<detail::bilateral_rows> Bilateral() {
  return {rows<uint8_t>, rows<uint16_t>, rows<float>};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Bilateral);

detail::for_each_sample<detail::bilateral_rows> detail::bilateral() {
  return HWY_DYNAMIC_DISPATCH(Bilateral)();
}

}  // namespace polyloop::frames
#endif
