#include "contrast.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "contrast.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

constexpr index_t entries = 256;

struct weighing_tables {
  const uint8_t* above;
  const uint8_t* below;
  int16_t weight;
  int16_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto from = hn::ShiftLeft<detail::entry_bits>(load_wide(d, above + i));
    const auto to = hn::ShiftLeft<detail::entry_bits>(load_wide(d, below + i));
    const auto part = hn::MulFixedPoint15(hn::Sub(to, from), hn::Set(d, weight));
    hn::StoreU(hn::Add(from, part), d, out + i);
  }
};

void weigh(const uint8_t* above, const uint8_t* below, int16_t weight, int16_t* out) {
  for_lanes(hn::ScalableTag<int16_t>(), entries, weighing_tables{above, below, weight, out});
}

struct pairing {
  const int16_t* left;
  const int16_t* right;
  int32_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const hn::Rebind<int16_t, D> d16;
    const auto upper = hn::ShiftLeft<16>(hn::PromoteTo(d, hn::LoadU(d16, right + i)));
    hn::StoreU(hn::Or(upper, hn::PromoteTo(d, hn::LoadU(d16, left + i))), d, out + i);
  }
};

void pair(const int16_t* left, const int16_t* right, int32_t* out) {
  for_lanes(hn::ScalableTag<int32_t>(), entries, pairing{left, right, out});
}

struct looking_up {
  const uint8_t* in;
  const int32_t* pairs;
  const int32_t* weights;
  uint8_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const hn::Rebind<uint8_t, D> d8;
    const auto both = hn::GatherIndex(d, pairs, hn::PromoteTo(d, hn::LoadU(d8, in + i)));
    const auto left = hn::And(both, hn::Set(d, 0xffff));
    const auto apart = hn::Sub(hn::ShiftRight<16>(both), left);
    const auto half = hn::Set(d, 1 << (detail::entry_bits + detail::across_bits - 1));
    const auto sum =
        hn::Add(hn::ShiftLeft<detail::across_bits>(left), hn::Mul(apart, hn::LoadU(d, weights + i)));
    const auto whole = hn::ShiftRight<detail::entry_bits + detail::across_bits>(hn::Add(sum, half));
    hn::StoreU(hn::DemoteTo(d8, whole), d8, out + i);
  }
};

void look_up(const uint8_t* in, const int32_t* pairs, const int32_t* weights, index_t count, uint8_t* out) {
  for_lanes(hn::ScalableTag<int32_t>(), count, looking_up{in, pairs, weights, out});
}

}  // namespace

detail::contrast_rows Contrasting() {
  return {weigh, pair, look_up};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Contrasting);

detail::contrast_rows detail::contrasting() {
  return HWY_DYNAMIC_DISPATCH(Contrasting)();
}

}  // namespace polyloop::frames
#endif
