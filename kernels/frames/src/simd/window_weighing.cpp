#include "window_weighing.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "window_weighing.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

/// No fused multiplication and addition, which not every target has: the bits are the same on all.
template <class D, index_t Rows, index_t Vectors>
struct sums_of_rows {
  hn::Vec<D> of[Rows][Vectors];

  HWY_INLINE explicit sums_of_rows(D d) {
    for (auto& row : of)
      for (auto& sum : row) sum = hn::Zero(d);
  }

  /// Adds a row of samples to the sums of rows First to Last - 1, with weights[0] for the first, and those of
  /// each further one `width` before.
  template <index_t First, index_t Last>
  HWY_INLINE void add(D d, const float* samples, const float* weights, index_t width, index_t step) {
    for (index_t k = 0; k < width; ++k) {
      hn::Vec<D> weight[Rows];
      for (index_t r = First; r < Last; ++r) weight[r] = hn::Set(d, weights[k - (r - First) * width]);
      for (index_t v = 0; v < Vectors; ++v) {
        const auto loaded = in_register(hn::LoadU(d, samples + v * lanes(d) + k * step));
        for (index_t r = First; r < Last; ++r) of[r][v] = hn::Add(of[r][v], hn::Mul(weight[r], loaded));
      }
    }
  }
};

template <index_t Rows, class T>
struct window_sums {
  const float* const* taps;
  std::span<const float> weights;
  index_t width;
  index_t step;
  T* const* out;

  template <class D, index_t Vectors>
  HWY_INLINE void operator()(D d, index_t i, std::integral_constant<index_t, Vectors>) const {
    sums_of_rows<D, Rows, Vectors> sums(d);
    const index_t height = static_cast<index_t>(weights.size()) / width;
    const auto weights_of = [this](index_t t) HWY_ATTR { return weights.data() + t * width; };
    sums.template add<0, 1>(d, taps[0] + i, weights_of(0), width, step);
    for (index_t t = 1; t < height; ++t)
      sums.template add<0, Rows>(d, taps[t] + i, weights_of(t), width, step);
    if constexpr (Rows == 2)
      sums.template add<1, 2>(d, taps[height] + i, weights_of(height - 1), width, step);
    for (index_t r = 0; r < Rows; ++r)
      for (index_t v = 0; v < Vectors; ++v) store_float(d, sums.of[r][v], out[r] + i + v * lanes(d));
  }
};

template <class T>
void weigh_windows(const float* const* taps, std::span<const float> weights, index_t width, index_t step,
                   index_t count, std::span<T* const> out) {
  static_assert(detail::window_rows_together == 2);
  const hn::ScalableTag<float> d;
  if (out.size() == 2)
    for_blocks<4>(d, count, window_sums<2, T>{taps, weights, width, step, out.data()});
  else
    for_blocks<4>(d, count, window_sums<1, T>{taps, weights, width, step, out.data()});
}

template <class T>
struct converting {
  const T* from;
  float* to;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::StoreU(load_float(d, from + i), d, to + i);
  }
};

template <class T>
void convert(const T* from, index_t count, float* to) {
  for_lanes(hn::ScalableTag<float>(), count, converting<T>{from, to});
}

template <class T>
constexpr detail::window_rows<T> rows{convert<T>, weigh_windows<T>};

struct joining {
  const uint8_t* above;
  const uint8_t* below;
  detail::sample_pair* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const hn::Rebind<uint8_t, D> narrow;
    const auto upper = hn::PromoteTo(d, hn::LoadU(narrow, above + i));
    const auto lower = hn::PromoteTo(d, hn::LoadU(narrow, below + i));
    hn::StoreU(hn::Or(upper, hn::ShiftLeft<16>(lower)), d, out + i);
  }
};

void join_rows(const uint8_t* above, const uint8_t* below, index_t count, detail::sample_pair* out) {
  for_lanes(hn::ScalableTag<detail::sample_pair>(), count, joining{above, below, out});
}

/// The products of both halves, added to a sum.
template <class D>
HWY_INLINE hn::Vec<D> add_products(D d, hn::Vec<D> a, hn::Vec<D> b, hn::Vec<D> sum) {
#if HWY_TARGET == HWY_SCALAR
  const auto lower = [](hn::Vec<D> v) HWY_ATTR { return hn::ShiftRight<16>(hn::ShiftLeft<16>(v)); };
  (void)d;
  return hn::Add(hn::Add(sum, hn::Mul(lower(a), lower(b))),
                 hn::Mul(hn::ShiftRight<16>(a), hn::ShiftRight<16>(b)));
#else
  const hn::Repartition<int16_t, D> halves;
  return hn::Add(sum, sum_of_products(d, hn::BitCast(halves, a), hn::BitCast(halves, b)));
#endif
}

/// The loops over the window are left loops: unrolled they had more sums and weights than there are
/// registers.
struct pair_sums {
  const detail::sample_pair* const* taps;
  const detail::pair_weights& by;
  index_t step;
  uint8_t* upper;
  uint8_t* lower;

  template <class D, index_t Vectors>
  HWY_INLINE void operator()(D d, index_t i, std::integral_constant<index_t, Vectors>) const {
    hn::Vec<D> above[Vectors], below[Vectors];
    for (index_t v = 0; v < Vectors; ++v) above[v] = below[v] = hn::Zero(d);
    for (index_t t = 0; t < by.height; ++t)
      for (index_t k = 0; k < by.width; ++k) {
        const auto weights_above = hn::Set(d, by.upper[t * by.width + k]);
        const auto weights_below = hn::Set(d, by.lower[t * by.width + k]);
        for (index_t v = 0; v < Vectors; ++v) {
          const auto pairs = in_register(hn::LoadU(d, taps[t] + i + v * lanes(d) + k * step));
          above[v] = add_products(d, pairs, weights_above, above[v]);
          below[v] = add_products(d, pairs, weights_below, below[v]);
        }
      }
    for (index_t v = 0; v < Vectors; ++v) {
      put(d, above[v], upper + i + v * lanes(d));
      put(d, below[v], lower + i + v * lanes(d));
    }
  }

 private:
  /// Half a unit less the least bit is added, and that bit again where the whole part is odd.
  template <class D>
  HWY_INLINE void put(D d, hn::Vec<D> sum, uint8_t* out) const {
    if (by.shift > 0) {
      const auto one = hn::Set(d, 1);
      const auto odd = hn::And(hn::ShiftRightSame(sum, by.shift), one);
      const auto half = hn::Set(d, (1 << (by.shift - 1)) - 1);
      sum = hn::ShiftRightSame(hn::Add(hn::Add(sum, half), odd), by.shift);
    }
    // Highway 1.0.3 makes 32768 + k a k on AVX2, where that is below 256.
    const auto cut = hn::Min(sum, hn::Set(d, 255));
    hn::StoreU(hn::DemoteTo(hn::Rebind<uint8_t, D>(), cut), hn::Rebind<uint8_t, D>(), out);
  }
};

void weigh_pairs(const detail::sample_pair* const* taps, const detail::pair_weights& by, index_t step,
                 index_t count, uint8_t* upper, uint8_t* lower) {
  const hn::ScalableTag<detail::sample_pair> d;
  for_blocks<4>(d, count, pair_sums{taps, by, step, upper, lower});
}

}  // namespace

detail::for_each_sample<detail::window_rows> WindowWeighing() {
  return {rows<uint8_t>, rows<uint16_t>, rows<float>};
}

detail::pair_rows PairWeighing() {
  return {join_rows, weigh_pairs};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(WindowWeighing);
HWY_EXPORT(PairWeighing);

detail::for_each_sample<detail::window_rows> detail::window_weighing() {
  return HWY_DYNAMIC_DISPATCH(WindowWeighing)();
}

detail::pair_rows detail::pair_weighing() {
  return HWY_DYNAMIC_DISPATCH(PairWeighing)();
}

}  // namespace polyloop::frames
#endif
