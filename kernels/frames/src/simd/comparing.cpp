#include "comparing.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "comparing.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

/// in > mean - below in unsigned numbers: of a positive `below` where mean - in, or 0, is less than that;
/// else where in - mean, or 0, is more than -below.
template <bool Positive>
struct with_mean {
  const uint8_t* in;
  const uint8_t* means;
  uint8_t distance;
  uint8_t when_greater;
  uint8_t when_not;
  uint8_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto sample = hn::LoadU(d, in + i);
    const auto mean = hn::LoadU(d, means + i);
    const auto apart = Positive ? hn::SaturatedSub(mean, sample) : hn::SaturatedSub(sample, mean);
    const auto greater = hn::Gt(apart, hn::Set(d, distance));
    hn::StoreU(hn::IfThenElse(greater, hn::Set(d, when_greater), hn::Set(d, when_not)), d, out + i);
  }
};

void with_means(const uint8_t* in, const uint8_t* means, const detail::mean_limit& limit, index_t count,
                uint8_t* out) {
  const hn::ScalableTag<uint8_t> d;
  const auto byte = [](int32_t number) { return static_cast<uint8_t>(std::min(number, 255)); };
  if (limit.below > 0)
    for_lanes_once(d, count,
                   with_mean<true>{in, means, byte(limit.below - 1), limit.else_it, limit.above_it, out});
  else
    for_lanes_once(d, count,
                   with_mean<false>{in, means, byte(-limit.below), limit.above_it, limit.else_it, out});
}

/// The rounded mean is floor((2 sum + area) / (2 area)), and less than a whole number n where sum < n area -
/// area / 2, rounded down. With areas up to 2049^2 all fits 31 bits.
struct with_sum {
  const uint8_t* in;
  const uint32_t* sums;
  int32_t area;
  detail::mean_limit limit;
  uint8_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto sample = hn::PromoteTo(d, hn::LoadU(hn::Rebind<uint8_t, D>(), in + i));
    const auto number = hn::Add(sample, hn::Set(d, limit.below));
    const auto bound = hn::Sub(hn::Mul(number, hn::Set(d, area)), hn::Set(d, area / 2));
    const auto sum = hn::BitCast(d, hn::LoadU(hn::Rebind<uint32_t, D>(), sums + i));
    const auto value =
        hn::IfThenElse(hn::Lt(sum, bound), hn::Set(d, limit.above_it), hn::Set(d, limit.else_it));
    hn::StoreU(hn::DemoteTo(hn::Rebind<uint8_t, D>(), value), hn::Rebind<uint8_t, D>(), out + i);
  }
};

void with_sums(const uint8_t* in, const uint32_t* sums, int32_t area, const detail::mean_limit& limit,
               index_t count, uint8_t* out) {
  for_lanes(hn::ScalableTag<int32_t>(), count, with_sum{in, sums, area, limit, out});
}

}  // namespace

detail::comparing_rows Comparing() {
  return {with_means, with_sums};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Comparing);

detail::comparing_rows detail::comparing() {
  return HWY_DYNAMIC_DISPATCH(Comparing)();
}

}  // namespace polyloop::frames
#endif
