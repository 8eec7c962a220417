// Included once for each SIMD target.
#if defined(POLYLOOP_FRAMES_WINDOWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef POLYLOOP_FRAMES_WINDOWS_INL
#undef POLYLOOP_FRAMES_WINDOWS_INL
#else
#define POLYLOOP_FRAMES_WINDOWS_INL
#endif

#include <utility>

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

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3

/// The bytes from number Blocks * 16 on of two vectors that follow each other.
template <int Blocks, class D>
HWY_INLINE hn::Vec<D> from_block(D d, hn::Vec<D> now, hn::Vec<D> next) {
  if constexpr (Blocks == 0) return now;
#if HWY_TARGET == HWY_AVX2
  if constexpr (Blocks == 1) return hn::ConcatLowerUpper(d, next, now);
  if constexpr (Blocks == 2) return next;
#else
  (void)d;
  if constexpr (Blocks > 0) return hn::Vec<D>{_mm512_alignr_epi32(next.raw, now.raw, 4 * Blocks)};
#endif
}

/// The bytes from number Bytes on.
template <int Bytes, class D>
HWY_INLINE hn::Vec<D> from_byte(D d, hn::Vec<D> now, hn::Vec<D> next) {
  constexpr int block = Bytes / 16, rest = Bytes % 16;
  if constexpr (rest == 0) return from_block<block>(d, now, next);
  if constexpr (rest != 0)
    return hn::CombineShiftRightBytes<rest>(d, from_block<block + 1>(d, now, next),
                                            from_block<block>(d, now, next));
}

template <class Op, int Step, class D, int... K>
HWY_INLINE hn::Vec<D> window_of(D d, hn::Vec<D> now, hn::Vec<D> next, std::integer_sequence<int, K...>) {
  hn::Vec<D> all = now;
  ((all = Op()(all, from_byte<(K + 1) * Step>(d, now, next))), ...);
  return all;
}

/// Windows of bytes out of vectors that are fetched once, and not for each byte of the window: most of these
/// fetches would take parts of two cache lines.
template <class Op, int Width, int Step>
HWY_INLINE void shifted_windows(const uint8_t* line, index_t count, uint8_t* out) {
  const hn::ScalableTag<uint8_t> d;
  auto now = hn::LoadU(d, line);
  index_t i = 0;
  for (; i + lanes(d) <= count; i += lanes(d)) {
    const auto next = hn::LoadU(d, line + i + lanes(d));
    hn::StoreU(window_of<Op, Step>(d, now, next, std::make_integer_sequence<int, Width - 1>()), d, out + i);
    now = next;
  }
  if (i < count) small_window<Op, uint8_t, Width>{line, Width, Step, out}(d, count - lanes(d));
}

/// Whether there is such a loop for the window, and the row as long as a vector.
template <class Op, int Width>
HWY_INLINE bool try_shifted_windows(const uint8_t* line, index_t step, index_t count, uint8_t* out) {
  if (count < lanes(hn::ScalableTag<uint8_t>())) return false;
  if (step == 1) shifted_windows<Op, Width, 1>(line, count, out);
  if (step == 3) shifted_windows<Op, Width, 3>(line, count, out);
  return step == 1 || step == 3;
}

#else

template <class Op, int Width>
HWY_INLINE bool try_shifted_windows(const uint8_t*, index_t, index_t, uint8_t*) {
  return false;
}

#endif

template <class Op, class T>
HWY_INLINE void small_windows(const T* line, index_t width, index_t step, index_t count, T* out) {
  with_side(width, [=](auto side) HWY_ATTR {
    if constexpr (std::is_same_v<T, uint8_t> && decltype(side)::value > 0)
      if (try_shifted_windows<Op, static_cast<int>(decltype(side)::value)>(line, step, count, out)) return;
    for_lanes(hn::ScalableTag<T>(), count,
              small_window<Op, T, decltype(side)::value>{line, width, step, out});
  });
}

inline constexpr index_t most_small_width = 7;

/// out[i] = all of line[i], line[i + apart], ..., as many as Count, the last of them at line[i + last].
template <class Op, class T, index_t Count>
struct some_windows {
  const T* line;
  index_t apart;
  index_t last;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    auto all = Op()(hn::LoadU(d, line + i), hn::LoadU(d, line + i + last));
    for (index_t k = 1; k + 1 < Count; ++k) all = Op()(all, hn::LoadU(d, line + i + k * apart));
    hn::StoreU(all, d, out + i);
  }
};

/// Where combining a sample twice changes nothing: up to four windows of a power of four that overlap.
template <class Op, class T>
void overlapping_windows(T* line, T* /*scratch*/, index_t width, index_t step, index_t count, T* out) {
  if (width <= most_small_width) return small_windows<Op>(line, width, step, count, out);
  const hn::ScalableTag<T> d;
  index_t size = 1;
  for (; 4 * size < width; size *= 4) {
    const some_windows<Op, T, 4> four{line, size * step, 3 * size * step, line};
    for (index_t i = 0; i < count + (width - 4 * size) * step; i += lanes(d)) four(d, i);
  }
  const index_t apart = size * step, last = (width - size) * step;
  if (width <= 2 * size) return for_lanes(d, count, pair_of<Op, T>{line, line + last, out});
  if (width <= 3 * size) return for_lanes(d, count, some_windows<Op, T, 3>{line, apart, last, out});
  for_lanes(d, count, some_windows<Op, T, 4>{line, apart, last, out});
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
