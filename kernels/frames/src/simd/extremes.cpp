#include "windows.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "extremes.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "windows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

template <class Op, class T>
struct any_column_extremes {
  const T* const* taps;
  index_t height;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    auto all = hn::LoadU(d, taps[0] + i);
    for (index_t t = 1; t < height; ++t) all = Op()(all, hn::LoadU(d, taps[t] + i));
    hn::StoreU(all, d, out + i);
  }
};

template <class Op, class T, index_t Height>
struct column_extremes {
  fixed_taps<const T, Height> taps;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    auto all = hn::LoadU(d, taps.of[0] + i);
    for (index_t t = 1; t < Height; ++t) all = Op()(all, hn::LoadU(d, taps.of[t] + i));
    hn::StoreU(all, d, out + i);
  }
};

template <class Op, class T>
void columns(const T* const* taps, index_t height, index_t count, T* out) {
  const hn::ScalableTag<T> d;
  with_side(height, [=](auto side) HWY_ATTR {
    constexpr index_t fixed = decltype(side)::value;
    if constexpr (fixed > 0)
      for_lanes(d, count, column_extremes<Op, T, fixed>{fixed_taps<const T, fixed>(taps), out});
    else
      for_lanes(d, count, any_column_extremes<Op, T>{taps, height, out});
  });
}

/// Of the rows that both windows have, and of each with the one row of its own.
template <class Op, class T, index_t Height>
struct two_column_extremes {
  fixed_taps<const T, Height + 1> taps;
  T* upper;
  T* lower;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    auto all = hn::LoadU(d, taps.of[1] + i);
    for (index_t t = 2; t < Height; ++t) all = Op()(all, hn::LoadU(d, taps.of[t] + i));
    hn::StoreU(Op()(all, hn::LoadU(d, taps.of[0] + i)), d, upper + i);
    hn::StoreU(Op()(all, hn::LoadU(d, taps.of[Height] + i)), d, lower + i);
  }
};

template <class Op, class T>
void two_columns(const T* const* taps, index_t height, index_t count, T* upper, T* lower) {
  with_side(height, [=](auto side) HWY_ATTR {
    constexpr index_t fixed = decltype(side)::value;
    if constexpr (fixed > 0) {
      for_lanes(hn::ScalableTag<T>(), count,
                two_column_extremes<Op, T, fixed>{fixed_taps<const T, fixed + 1>(taps), upper, lower});
    } else {
      columns<Op>(taps, height, count, upper);
      columns<Op>(taps + 1, height, count, lower);
    }
  });
}

template <class Op, class T>
void pair(const T* a, const T* b, index_t count, T* out) {
  for_lanes(hn::ScalableTag<T>(), count, pair_of<Op, T>{a, b, out});
}

template <class Op, class T>
struct next_extremes {
  const T* entering;
  const T* other;
  T* extremes;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto all = Op()(hn::LoadU(d, entering + i), hn::LoadU(d, extremes + i));
    hn::StoreU(all, d, extremes + i);
    hn::StoreU(Op()(hn::LoadU(d, other + i), all), d, out + i);
  }
};

template <class Op, class T>
void next(const T* entering, const T* other, index_t count, T* extremes, T* out) {
  for_lanes(hn::ScalableTag<T>(), count, next_extremes<Op, T>{entering, other, extremes, out});
}

template <class Op, class T>
constexpr detail::extreme_rows<T> rows{pair<Op, T>, next<Op, T>, columns<Op, T>, two_columns<Op, T>,
                                       overlapping_windows<Op, T>};

}  // namespace

detail::for_each_sample<detail::extreme_rows> Least() {
  return {rows<least_of, uint8_t>, rows<least_of, uint16_t>, rows<least_of, float>};
}

detail::for_each_sample<detail::extreme_rows> Greatest() {
  return {rows<greatest_of, uint8_t>, rows<greatest_of, uint16_t>, rows<greatest_of, float>};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Least);
HWY_EXPORT(Greatest);

detail::for_each_sample<detail::extreme_rows> detail::least() {
  return HWY_DYNAMIC_DISPATCH(Least)();
}

detail::for_each_sample<detail::extreme_rows> detail::greatest() {
  return HWY_DYNAMIC_DISPATCH(Greatest)();
}

}  // namespace polyloop::frames
#endif
