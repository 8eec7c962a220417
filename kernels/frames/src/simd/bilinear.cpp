#include "bilinear.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bilinear.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

using detail::bilinear_plan;

#if HWY_TARGET == HWY_SCALAR

void along_row(const uint8_t* line, const bilinear_plan& plan, int16_t* out) {
  for (std::size_t i = 0; i < plan.weights.size(); ++i) {
    const uint8_t* const at = line + plan.from[i / bilinear_plan::block] + plan.offsets[2 * i];
    const int apart = (at[plan.step] - at[0]) * 128;
    out[i] = static_cast<int16_t>(at[0] * 128 + ((apart * plan.weights[i] + (1 << 14)) >> 15));
  }
}

#else

void along_row(const uint8_t* line, const bilinear_plan& plan, int16_t* out) {
  const hn::FixedTag<uint8_t, 16> d8;
  const hn::FixedTag<int16_t, 8> d;
  const uint8_t* offsets = plan.offsets.data();
  const int16_t* weights = plan.weights.data();
  for (const index_t from : plan.from) {
    const auto places = hn::LoadU(d8, offsets);
    const auto look_up = [&](const uint8_t* at) HWY_ATTR {
      return hn::ShiftLeft<7>(hn::BitCast(d, hn::TableLookupBytesOr0(hn::LoadU(d8, at), places)));
    };
    const auto sample = look_up(line + from);
    const auto apart = hn::Sub(look_up(line + from + plan.step), sample);
    hn::StoreU(hn::Add(sample, hn::MulFixedPoint15(apart, hn::LoadU(d, weights))), d, out);
    offsets += 2 * bilinear_plan::block;
    weights += bilinear_plan::block;
    out += bilinear_plan::block;
  }
}

#endif

struct blending {
  const int16_t* upper;
  const int16_t* lower;
  int16_t weight;
  uint8_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto above = hn::LoadU(d, upper + i);
    const auto apart = hn::Sub(hn::LoadU(d, lower + i), above);
    const auto mean = hn::Add(above, hn::MulFixedPoint15(apart, hn::Set(d, weight)));
    store_narrow(d, hn::ShiftRight<7>(hn::Add(mean, hn::Set(d, 64))), out + i);
  }
};

void between_rows(const int16_t* upper, const int16_t* lower, int16_t weight, index_t count, uint8_t* out) {
  for_lanes(hn::ScalableTag<int16_t>(), count, blending{upper, lower, weight, out});
}

}  // namespace

detail::bilinear_rows Bilinear() {
  return {along_row, between_rows};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Bilinear);

detail::bilinear_rows detail::bilinear() {
  return HWY_DYNAMIC_DISPATCH(Bilinear)();
}

}  // namespace polyloop::frames
#endif
