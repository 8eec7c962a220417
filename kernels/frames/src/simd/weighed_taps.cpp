#include "weighed_taps.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weighed_taps.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

/// A sample of each tap is fetched once for several lines.
template <index_t Lines, class T>
struct weighing_columns {
  const T* const* taps;
  const float* weights;
  index_t tap_count;
  index_t line_count;
  float* const* lines;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::Vec<D> sums[Lines];
    for (index_t k = 0; k < Lines; ++k) sums[k] = hn::Zero(d);
    for (index_t t = 0; t < tap_count; ++t) {
      const auto sample = load_float(d, taps[t] + i);
      const float* const weight = weights + t * line_count;
      for (index_t k = 0; k < Lines; ++k) sums[k] = hn::Add(sums[k], hn::Mul(hn::Set(d, weight[k]), sample));
    }
    for (index_t k = 0; k < Lines; ++k) hn::StoreU(sums[k], d, lines[k] + i);
  }
};

template <class T>
void weigh_columns(const T* const* taps, std::span<const float> weights, index_t count,
                   std::span<float* const> lines) {
  const hn::ScalableTag<float> d;
  const auto all = static_cast<index_t>(lines.size());
  const index_t tap_count = static_cast<index_t>(weights.size()) / all;
  const auto some = [&]<index_t Lines>(index_t first) HWY_ATTR {
    for_lanes(d, count,
              weighing_columns<Lines, T>{taps, weights.data() + first, tap_count, all, lines.data() + first});
  };
  index_t k = 0;
  for (; k + 5 <= all; k += 5) some.template operator()<5>(k);
  for (; k + 3 <= all; k += 3) some.template operator()<3>(k);
  for (; k < all; ++k) some.template operator()<1>(k);
}

template <class Out>
struct weighing_along {
  std::span<const float* const> taps;
  const float* weights;
  Out* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    auto sum = hn::Zero(d);
    for (std::size_t t = 0; t < taps.size(); ++t)
      sum = hn::Add(sum, hn::Mul(hn::Set(d, weights[t]), hn::LoadU(d, taps[t] + i)));
    store_float(d, sum, out + i);
  }
};

template <class T>
void weigh_along(std::span<const float* const> taps, std::span<const float> weights, index_t count, T* out) {
  for_lanes(hn::ScalableTag<float>(), count, weighing_along<T>{taps, weights.data(), out});
}

template <class T>
constexpr detail::tap_rows<T> rows{weigh_columns<T>, weigh_along<T>};

}  // namespace

detail::for_each_sample<detail::tap_rows> WeighedTaps() {
  return {rows<uint8_t>, rows<uint16_t>, rows<float>};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(WeighedTaps);

detail::for_each_sample<detail::tap_rows> detail::weighed_taps() {
  return HWY_DYNAMIC_DISPATCH(WeighedTaps)();
}

}  // namespace polyloop::frames
#endif
