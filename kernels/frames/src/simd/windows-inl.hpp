// Included once for each SIMD target.
#if defined(POLYLOOP_FRAMES_WINDOWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef POLYLOOP_FRAMES_WINDOWS_INL
#undef POLYLOOP_FRAMES_WINDOWS_INL
#else
#define POLYLOOP_FRAMES_WINDOWS_INL
#endif

#include "lanes-inl.hpp"

/// Windows along a row. Small ones are combined sample by sample; of larger ones a pass
/// makes windows of twice the width, so that the time grows with the logarithm.
HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

struct sum_of {
  template <class V>
  HWY_INLINE V operator()(V a, V b) const {
    return hn::Add(a, b);
  }
};
struct least_of {
  template <class V>
  HWY_INLINE V operator()(V a, V b) const {
    return hn::Min(a, b);
  }
};
struct greatest_of {
  template <class V>
  HWY_INLINE V operator()(V a, V b) const {
    return hn::Max(a, b);
  }
};

/// out[i] = a[i] with b[i]. Goes upwards, and beyond `count` to a whole vector: for scratch rows.
template <class Op, class T>
HWY_INLINE void combine_rows(const T* a, const T* b, index_t count, T* out) {
  const hn::ScalableTag<T> d;
  for (index_t i = 0; i < count; i += lanes(d))
    hn::StoreU(Op()(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, out + i);
}

template <class Op, class T>
struct pair_of {
  const T* a;
  const T* b;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::StoreU(Op()(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, out + i);
  }
};

template <class Op, class T, index_t Width>
struct small_window {
  const T* line;
  index_t any_width;
  index_t step;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const index_t width = Width > 0 ? Width : any_width;
    auto all = hn::LoadU(d, line + i);
    for (index_t k = 1; k < width; ++k) all = Op()(all, hn::LoadU(d, line + i + k * step));
    hn::StoreU(all, d, out + i);
  }
};

/// run(tag) with a tag whose value is the side of a window, where loops over so many are worth being compiled
/// for it, else 0.
template <class Run>
HWY_INLINE void with_side(index_t side, const Run& run) {
  switch (side) {
    case 3:
      return run(std::integral_constant<index_t, 3>());
    case 5:
      return run(std::integral_constant<index_t, 5>());
    case 7:
      return run(std::integral_constant<index_t, 7>());
    default:
      return run(std::integral_constant<index_t, 0>());
  }
}

template <class Op, class T>
HWY_INLINE void small_windows(const T* line, index_t width, index_t step, index_t count, T* out) {
  with_side(width, [=](auto side) HWY_ATTR {
    for_lanes(hn::ScalableTag<T>(), count,
              small_window<Op, T, decltype(side)::value>{line, width, step, out});
  });
}

inline constexpr index_t most_small_width = 7;

/// Where combining a sample twice changes nothing: two windows of a power of two that overlap.
template <class Op, class T>
void overlapping_windows(T* line, T* /*scratch*/, index_t width, index_t step, index_t count, T* out) {
  if (width <= most_small_width) return small_windows<Op>(line, width, step, count, out);
  index_t size = 1;
  for (; 2 * size <= width; size *= 2)
    combine_rows<Op>(line, line + size * step, count + (width - 2 * size) * step, line);
  for_lanes(hn::ScalableTag<T>(), count, pair_of<Op, T>{line, line + (width - size) * step, out});
}

/// Width = 4 q + r of windows of four, side by side, and of single samples.
template <class Op, class T>
struct window_of_fours {
  const T* fours;
  const T* line;
  index_t width;
  index_t step;
  T* out;

  template <class D, index_t Vectors>
  HWY_INLINE void operator()(D d, index_t i, std::integral_constant<index_t, Vectors>) const {
    hn::Vec<D> all[Vectors];
    const auto at = [this, d, i](const T* from, index_t k, index_t v)
                        HWY_ATTR { return hn::LoadU(d, from + i + v * lanes(d) + k * step); };
    for (index_t v = 0; v < Vectors; ++v) all[v] = at(fours, 0, v);
    index_t k = 4;
    for (; k + 4 <= width; k += 4)
      for (index_t v = 0; v < Vectors; ++v) all[v] = Op()(all[v], at(fours, k, v));
    for (; k < width; ++k)
      for (index_t v = 0; v < Vectors; ++v) all[v] = Op()(all[v], at(line, k, v));
    for (index_t v = 0; v < Vectors; ++v) hn::StoreU(all[v], d, out + i + v * lanes(d));
  }
};

inline constexpr index_t most_width_of_fours = 40;

template <class Op, class T>
void windows_of_fours(const T* line, T* scratch, index_t width, index_t step, index_t count, T* out) {
  const hn::ScalableTag<T> d;
  const index_t last = count + (width - 4) * step;
  for (index_t i = 0; i < last; i += lanes(d)) {
    const auto at = [=](index_t k) HWY_ATTR { return hn::LoadU(d, line + i + k * step); };
    hn::StoreU(Op()(Op()(at(0), at(1)), Op()(at(2), at(3))), d, scratch + i);
  }
  for_blocks<4>(d, count, window_of_fours<Op, T>{scratch, line, width, step, out});
}

/// Windows of powers of two side by side, by the bits of the width, the narrow ones first.
template <class Op, class T>
void adjacent_windows(T* line, T* scratch, index_t width, index_t step, index_t count, T* out) {
  if (width <= most_small_width) return small_windows<Op>(line, width, step, count, out);
  if (width <= most_width_of_fours) return windows_of_fours<Op>(line, scratch, width, step, count, out);
  const hn::ScalableTag<T> d;
  for (index_t i = 0; i < count; i += lanes(d)) hn::StoreU(hn::Zero(d), d, scratch + i);
  index_t done = 0;
  for (index_t size = 1; done + size < width; size *= 2) {
    if ((width & size) != 0) {
      combine_rows<Op>(scratch, line + done * step, count, scratch);
      done += size;
    }
    combine_rows<Op>(line, line + size * step, count + (width - 2 * size) * step, line);
  }
  for_lanes(d, count, pair_of<Op, T>{scratch, line + done * step, out});
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
