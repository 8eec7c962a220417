#include "byte_taps.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "byte_taps.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

using detail::byte_taps_plan;

constexpr int weight_bits = 14;
constexpr int fraction_bits = 6;
constexpr int surplus_bits = weight_bits - fraction_bits;
constexpr int32_t half = 1 << (surplus_bits - 1);

#if HWY_TARGET == HWY_SCALAR

constexpr index_t group = 2;

void along_row(const uint8_t* line, const byte_taps_plan& plan, int16_t* out) {
  for (std::size_t i = 0; i < plan.from.size() * byte_taps_plan::unit; ++i) {
    const std::size_t u = i / byte_taps_plan::unit, k = i % byte_taps_plan::unit;
    int32_t sum = half;
    for (index_t t = 0; t < 2 * plan.pairs; ++t)
      sum += line[plan.from[u] + plan.offsets[4 * i] + t * plan.step] *
             plan.weights[2 * byte_taps_plan::unit *
                              (u * static_cast<std::size_t>(plan.pairs) + static_cast<std::size_t>(t / 2)) +
                          2 * k + static_cast<std::size_t>(t % 2)];
    out[i] = static_cast<int16_t>(sum >> surplus_bits);
  }
}

#else

constexpr hn::FixedTag<uint8_t, (HWY_MAX_BYTES >= 32 ? 32 : 16)> d8;
constexpr hn::Repartition<int16_t, decltype(d8)> d16;
constexpr hn::Repartition<int32_t, decltype(d8)> d32;
constexpr index_t half_group = HWY_MAX_BYTES >= 32 ? 2 : 1;
constexpr index_t group = 2 * half_group;
constexpr index_t unit_bytes = 16;

/// Sixteen bytes of each unit.
HWY_INLINE hn::Vec<decltype(d8)> load_units(const uint8_t* line, const index_t* from) {
  if constexpr (half_group == 1) {
    return hn::LoadU(d8, line + from[0]);
  } else {
    const hn::Half<decltype(d8)> one;
    return hn::Combine(d8, hn::LoadU(one, line + from[1]), hn::LoadU(one, line + from[0]));
  }
}

/// The samples of half a group.
template <index_t Pairs>
HWY_INLINE hn::Vec<decltype(d32)> weigh(const uint8_t* line, const byte_taps_plan& plan, const index_t* from,
                                        const uint8_t* offsets, const int16_t* weights) {
  const index_t pairs = Pairs > 0 ? Pairs : plan.pairs;
  const auto places = hn::LoadU(d8, offsets);
  auto sum = hn::Set(d32, half);
  for (index_t p = 0; p < pairs; ++p) {
    const auto samples = hn::TableLookupBytesOr0(load_units(line + 2 * p * plan.step, from), places);
    const auto by = hn::LoadU(d16, weights + p * lanes(d16));
    sum = hn::Add(sum, sum_of_products(d32, hn::BitCast(d16, samples), by));
  }
  return hn::ShiftRight<surplus_bits>(sum);
}

template <index_t Pairs>
void along_by(const uint8_t* line, const byte_taps_plan& plan, int16_t* out) {
  const uint8_t* offsets = plan.offsets.data();
  const int16_t* weights = plan.weights.data();
  const index_t weights_step = plan.pairs * lanes(d16);
  const index_t* const end = plan.from.data() + plan.from.size();
  for (const index_t* from = plan.from.data(); from != end; from += group) {
    const auto even = weigh<Pairs>(line, plan, from, offsets, weights);
    const auto odd = weigh<Pairs>(line, plan, from + half_group, offsets + half_group * unit_bytes,
                                  weights + weights_step);
    hn::StoreU(hn::ReorderDemote2To(d16, even, odd), d16, out);
    offsets += group * unit_bytes;
    weights += 2 * weights_step;
    out += lanes(d16);
  }
}

void along_row(const uint8_t* line, const byte_taps_plan& plan, int16_t* out) {
  if (plan.pairs == 1) return along_by<1>(line, plan, out);
  if (plan.pairs == 2) return along_by<2>(line, plan, out);
  if (plan.pairs == 4) return along_by<4>(line, plan, out);
  along_by<0>(line, plan, out);
}

#endif

struct any_taps {
  const int16_t* const* of;
};

/// Lines are those of a number of taps known when it is compiled, or any; so is their number.
template <class Lines, class Taps>
struct weighing_down {
  Lines lines;
  const int16_t* weights;
  Taps taps;
  uint8_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    auto sum = hn::Set(d, 1 << (fraction_bits - 1));
    for (index_t t = 0; t < taps; ++t)
      sum = hn::Add(sum, hn::MulFixedPoint15(hn::LoadU(d, lines.of[t] + i), hn::Set(d, weights[t])));
    store_narrow(d, hn::ShiftRight<fraction_bits>(sum), out + i);
  }
};

void down_rows(const int16_t* const* lines, const int16_t* weights, index_t taps, index_t count,
               uint8_t* out) {
  const hn::ScalableTag<int16_t> d;
  const auto by = [&]<index_t Taps>() HWY_ATTR {
    using lines_of = fixed_taps<const int16_t, Taps>;
    using number = std::integral_constant<index_t, Taps>;
    for_lanes(d, count, weighing_down<lines_of, number>{lines_of(lines), weights, {}, out});
  };
  if (taps == 2) return by.template operator()<2>();
  if (taps == 3) return by.template operator()<3>();
  if (taps == 4) return by.template operator()<4>();
  if (taps == 8) return by.template operator()<8>();
  for_lanes(d, count, weighing_down<any_taps, index_t>{{lines}, weights, taps, out});
}

}  // namespace

detail::byte_tap_rows ByteTaps() {
  return {group, along_row, down_rows};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(ByteTaps);

detail::byte_tap_rows detail::byte_taps() {
  return HWY_DYNAMIC_DISPATCH(ByteTaps)();
}

}  // namespace polyloop::frames
#endif
