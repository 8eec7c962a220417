#include "resizing.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "resizing.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

constexpr hn::ScalableTag<float> d;
constexpr hn::Rebind<int32_t, hn::ScalableTag<float>> di;
using floats = hn::Vec<hn::ScalableTag<float>>;

/// Neighbours that lie in one vector are shuffled, which is cheaper than fetching each.
template <index_t Taps, class Fetch>
HWY_INLINE floats weigh_taps(const float* line, const detail::gather_plan& plan, const float* weights,
                             const Fetch& fetch) {
  const index_t taps = Taps > 0 ? Taps : plan.taps;
  auto sum = hn::Zero(d);
  for (index_t t = 0; t < taps; ++t)
    sum = hn::Add(sum, hn::Mul(hn::LoadU(d, weights + t * lanes(d)), fetch(line + t * plan.step)));
  return sum;
}

template <index_t Taps>
HWY_INLINE floats gather_block(const float* line, const detail::gather_plan& plan, bool near,
                               const int32_t* offsets, const float* weights) {
  const auto places = hn::LoadU(di, offsets);
  if (!near)
    return weigh_taps<Taps>(line, plan, weights,
                            [&](const float* tap) HWY_ATTR { return hn::GatherIndex(d, tap, places); });
  const auto lookup = hn::IndicesFromVec(d, places);
  return weigh_taps<Taps>(line, plan, weights, [&](const float* tap) HWY_ATTR {
    return hn::TableLookupLanes(hn::LoadU(d, tap), lookup);
  });
}

template <index_t Taps, class T>
void gather_by(const float* line, const detail::gather_plan& plan, index_t count, T* out) {
  const index_t step = lanes(d);
  const int32_t* offsets = plan.offsets.data();
  const float* weights = plan.weights.data();
  index_t i = 0;
  for (const auto& from : plan.blocks) {
    const auto sum = gather_block<Taps>(line + from.from, plan, from.near, offsets, weights);
    if (i + step <= count) {
      store_float(d, sum, out + i);
    } else {
      T last[HWY_MAX_BYTES / sizeof(float)];
      store_float(d, sum, last);
      std::copy_n(last, count - i, out + i);
    }
    i += step;
    offsets += step;
    weights += plan.taps * step;
  }
}

template <class T>
void gather(const float* line, const detail::gather_plan& plan, index_t count, T* out) {
  if (plan.taps == 2) return gather_by<2>(line, plan, count, out);
  if (plan.taps == 4) return gather_by<4>(line, plan, count, out);
  gather_by<0>(line, plan, count, out);
}

template <class T>
constexpr detail::resize_rows<T> rows{gather<T>};

/// Blocks of bytes of which each is within sixteen of the first.
index_t pick(const uint8_t* in, const detail::byte_plan& plan, uint8_t* out) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t k = 0; k < plan.from.size(); ++k)
    for (std::size_t i = 0; i < 16; ++i) out[16 * k + i] = in[plan.from[k] + plan.offsets[16 * k + i]];
#else
  const hn::FixedTag<uint8_t, 16> block;
  for (std::size_t k = 0; k < plan.from.size(); ++k) {
    const auto offsets = hn::LoadU(block, plan.offsets.data() + 16 * k);
    hn::StoreU(hn::TableLookupBytes(hn::LoadU(block, in + plan.from[k]), offsets), block, out + 16 * k);
  }
#endif
  return static_cast<index_t>(16 * plan.from.size());
}

void halve(const uint8_t* above, const uint8_t* below, index_t channels, index_t begin, index_t end,
           uint8_t* out) {
  for (index_t x = begin; x < end; ++x)
    for (index_t c = 0; c < channels; ++c) {
      const index_t left = 2 * x * channels + c;
      const index_t right = left + channels;
      out[x * channels + c] =
          static_cast<uint8_t>((above[left] + above[right] + below[left] + below[right] + 2) >> 2);
    }
}

#if HWY_TARGET != HWY_SCALAR

constexpr hn::ScalableTag<uint8_t> d8;
constexpr hn::Repartition<uint16_t, hn::ScalableTag<uint8_t>> d16;
using bytes = hn::Vec<hn::ScalableTag<uint8_t>>;

/// The means of neighbours in two vectors of rows, in the lower halves of 16 bits.
HWY_INLINE hn::Vec<hn::Repartition<uint16_t, hn::ScalableTag<uint8_t>>> pair_means(bytes above, bytes below) {
  const auto a = hn::BitCast(d16, above), b = hn::BitCast(d16, below);
  const auto low = hn::Set(d16, 0xff);
  const auto even = hn::Add(hn::And(a, low), hn::And(b, low));
  const auto odd = hn::Add(hn::ShiftRight<8>(a), hn::ShiftRight<8>(b));
  return hn::ShiftRight<2>(hn::Add(hn::Add(even, odd), hn::Set(d16, 2)));
}

HWY_INLINE index_t halve1(const uint8_t* above, const uint8_t* below, index_t width, uint8_t* out) {
  index_t x = 0;
  const index_t step = lanes(d16);
  for (; x + step <= width; x += step)
    store_narrow(d16, pair_means(hn::LoadU(d8, above + 2 * x), hn::LoadU(d8, below + 2 * x)), out + x);
  return x;
}

HWY_INLINE index_t halve3(const uint8_t* above, const uint8_t* below, index_t width, uint8_t* out) {
  const hn::Rebind<uint8_t, decltype(d16)> half;
  const hn::Rebind<int16_t, decltype(d16)> signed16;
  index_t x = 0;
  const index_t step = lanes(d16);
  for (; x + step <= width; x += step) {
    bytes a0, a1, a2, b0, b1, b2;
    hn::LoadInterleaved3(d8, above + 6 * x, a0, a1, a2);
    hn::LoadInterleaved3(d8, below + 6 * x, b0, b1, b2);
    const auto narrow = [&](bytes a, bytes b)
                            HWY_ATTR { return hn::DemoteTo(half, hn::BitCast(signed16, pair_means(a, b))); };
    hn::StoreInterleaved3(narrow(a0, b0), narrow(a1, b1), narrow(a2, b2), half, out + 3 * x);
  }
  return x;
}

#else

index_t halve1(const uint8_t*, const uint8_t*, index_t, uint8_t*) {
  return 0;
}
index_t halve3(const uint8_t*, const uint8_t*, index_t, uint8_t*) {
  return 0;
}

#endif

void halve_row(const uint8_t* above, const uint8_t* below, index_t channels, index_t width, uint8_t* out) {
  index_t x = 0;
  if (channels == 1) x = halve1(above, below, width, out);
  if (channels == 3) x = halve3(above, below, width, out);
  halve(above, below, channels, x, width, out);
}

}  // namespace

detail::for_each_sample<detail::resize_rows> Resizing() {
  return {rows<uint8_t>, rows<uint16_t>, rows<float>};
}

detail::pick_function Picking() {
  return pick;
}

index_t GatheringLanes() {
  return lanes(d);
}

void HalveBytes(const uint8_t* above, const uint8_t* below, index_t channels, index_t width, uint8_t* out) {
  halve_row(above, below, channels, width, out);
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Resizing);
HWY_EXPORT(Picking);
HWY_EXPORT(GatheringLanes);
HWY_EXPORT(HalveBytes);

detail::for_each_sample<detail::resize_rows> detail::resizing() {
  return HWY_DYNAMIC_DISPATCH(Resizing)();
}

detail::pick_function detail::picking() {
  return HWY_DYNAMIC_DISPATCH(Picking)();
}

index_t detail::gathering_lanes() {
  return HWY_DYNAMIC_DISPATCH(GatheringLanes)();
}

void detail::halve_bytes(const std::uint8_t* above, const std::uint8_t* below, index_t channels,
                         index_t width, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(HalveBytes)(above, below, channels, width, out);
}

}  // namespace polyloop::frames
#endif
