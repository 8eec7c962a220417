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

constexpr index_t words_together = 64;

/// Entries that have been looked up: one by one, which is as fast as gathers are.
struct weighing_entries {
  const uint16_t (*found)[words_together];
  const float* across;
  float down;
  uint16_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto entry = [=, this](index_t k) HWY_ATTR { return load_float(d, found[k] + i); };
    const auto right = hn::LoadU(d, across + i);
    const auto left = hn::Sub(hn::Set(d, 1.0F), right);
    const auto upper = hn::Add(hn::Mul(entry(0), left), hn::Mul(entry(1), right));
    const auto lower = hn::Add(hn::Mul(entry(2), left), hn::Mul(entry(3), right));
    const auto sum = hn::Add(hn::Mul(upper, hn::Set(d, 1 - down)), hn::Mul(lower, hn::Set(d, down)));
    store_float(d, sum, out + i);
  }
};

void look_up_words(const uint16_t* in, const detail::four_tables& tables, const float* across, index_t count,
                   uint16_t* out) {
  uint16_t found[4][words_together];
  for (index_t from = 0; from < count; from += words_together) {
    const index_t some = HWY_MIN(words_together, count - from);
    for (index_t i = 0; i < some; ++i)
      for (index_t k = 0; k < 4; ++k) found[k][i] = tables.of[k][in[from + i]];
    for_lanes(hn::ScalableTag<float>(), some,
              weighing_entries{found, across + from, tables.down, out + from});
  }
}

template <class T, class D>
HWY_INLINE void put_entries(D /*d*/, hn::Vec<D> sums, float scale, T* table) {
  const hn::Rebind<float, D> floats;
  store_float(floats, hn::Mul(hn::ConvertTo(floats, sums), hn::Set(floats, scale)), table);
}

template <class T>
void sum_up(uint32_t* counts, uint32_t more, float scale, T* table) {
  constexpr index_t values = index_t{1} << (8 * sizeof(T));
#if HWY_TARGET == HWY_SCALAR
  const hn::CappedTag<int32_t, 1> d;
  uint32_t sum = 0;
  for (index_t v = 0; v < values; ++v) {
    sum += counts[v] + more;
    counts[v] = 0;
    put_entries(d, hn::Set(d, static_cast<int32_t>(sum)), scale, table + v);
  }
#else
  // Of four at a time the last one goes on in two cycles.
  const hn::FixedTag<uint32_t, 4> d;
  const hn::Rebind<int32_t, decltype(d)> d32;
  auto sum = hn::Zero(d);
  for (index_t v = 0; v < values; v += 4) {
    auto four = hn::Add(hn::LoadU(d, counts + v), hn::Set(d, more));
    hn::StoreU(hn::Zero(d), d, counts + v);
    four = hn::Add(four, hn::ShiftLeftLanes<1>(d, four));
    four = hn::Add(four, hn::ShiftLeftLanes<2>(d, four));
    sum = hn::Add(sum, four);
    put_entries(d32, hn::BitCast(d32, sum), scale, table + v);
    sum = hn::Broadcast<3>(sum);
  }
#endif
}

}  // namespace

detail::contrast_rows Contrasting() {
  return {weigh, pair, look_up, look_up_words, sum_up<uint8_t>, sum_up<uint16_t>};
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
