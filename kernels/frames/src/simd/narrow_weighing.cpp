#include "weighing.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "narrow_weighing.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

/// Everything in 16 bits: a product keeps its upper half, and what the dropped
/// halves come to on average, half a unit each, is in the sum from the start.
HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

/// Half the number of products.
template <class D>
HWY_INLINE hn::Vec<D> first_sum(D d, index_t radius, int more) {
  return hn::Set(d, static_cast<uint16_t>((radius + 1) / 2 + more));
}

/// Half of 256 value.
template <class D>
HWY_INLINE hn::Vec<D> weighed(D d, hn::Vec<D> value, uint16_t weight) {
  return hn::MulHigh(hn::ShiftLeft<7>(value), hn::Set(d, weight));
}

/// Weights in registers: a copy, which samples that are written cannot be.
template <index_t Radius>
struct fixed_weights {
  uint16_t of[Radius + 1];

  HWY_INLINE explicit fixed_weights(const uint16_t* weights) {
    for (index_t k = 0; k <= Radius; ++k) of[k] = weights[k];
  }
};

/// Any radius, row by row.
struct columns {
  const uint8_t* const* taps;
  const uint16_t* weights;
  index_t radius;
  uint16_t* line;

  template <class D, index_t Vectors>
  HWY_INLINE void operator()(D d, index_t i, std::integral_constant<index_t, Vectors>) const {
    const uint8_t* const* const centre = taps + radius;
    const auto at = [d, i](index_t v) HWY_ATTR { return i + v * lanes(d); };
    hn::Vec<D> sums[Vectors];
    for (index_t v = 0; v < Vectors; ++v)
      sums[v] = hn::Add(first_sum(d, radius, 0), weighed(d, load_wide(d, centre[0] + at(v)), weights[0]));
    for (index_t k = 1; k <= radius; ++k)
      for (index_t v = 0; v < Vectors; ++v) {
        const auto pair = hn::Add(load_wide(d, centre[-k] + at(v)), load_wide(d, centre[k] + at(v)));
        sums[v] = hn::Add(sums[v], weighed(d, pair, weights[k]));
      }
    for (index_t v = 0; v < Vectors; ++v) hn::StoreU(sums[v], d, line + at(v));
  }
};

/// Of a radius known when it is compiled: the weights stay in registers, and so do the samples that Rows rows
/// have in common.
template <index_t Radius, index_t Rows>
struct small_columns {
  static constexpr index_t all_taps = 2 * Radius + Rows;

  fixed_taps<const uint8_t, all_taps> taps;
  fixed_taps<uint16_t, Rows> lines;
  fixed_weights<Radius> weights;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::Vec<D> samples[all_taps];
    for (index_t t = 0; t < all_taps; ++t) samples[t] = load_wide(d, taps.of[t] + i);
    for (index_t r = 0; r < Rows; ++r) {
      auto sum = hn::Add(first_sum(d, Radius, 0), weighed(d, samples[r + Radius], weights.of[0]));
      for (index_t k = 1; k <= Radius; ++k) {
        const auto pair = hn::Add(samples[r + Radius - k], samples[r + Radius + k]);
        sum = hn::Add(sum, weighed(d, pair, weights.of[k]));
      }
      hn::StoreU(sum, d, lines.of[r] + i);
    }
  }
};

/// Weights are those of a radius known when it is compiled, or any.
template <class Weights>
struct along {
  const uint16_t* line;
  Weights weights;
  index_t radius;
  index_t step;
  uint8_t* out;

  template <class D, index_t Vectors>
  HWY_INLINE void operator()(D d, index_t i, std::integral_constant<index_t, Vectors>) const {
    const auto centre = [=, this](index_t v) HWY_ATTR { return line + i + v * lanes(d); };
    hn::Vec<D> sums[Vectors];
    for (index_t v = 0; v < Vectors; ++v)
      sums[v] =
          hn::Add(first_sum(d, radius, 64), hn::MulHigh(hn::LoadU(d, centre(v)), hn::Set(d, weights.of[0])));
    for (index_t k = 1; k <= radius; ++k)
      for (index_t v = 0; v < Vectors; ++v) {
        const auto pair = hn::Add(hn::LoadU(d, centre(v) - k * step), hn::LoadU(d, centre(v) + k * step));
        sums[v] = hn::Add(sums[v], hn::MulHigh(pair, hn::Set(d, weights.of[k])));
      }
    for (index_t v = 0; v < Vectors; ++v) store_narrow(d, hn::ShiftRight<7>(sums[v]), out + i + v * lanes(d));
  }
};

struct any_weights {
  const uint16_t* of;
};

template <index_t Radius, index_t Rows>
HWY_INLINE void small_columns_rows(const uint8_t* const* taps, const uint16_t* weights, index_t count,
                                   uint16_t* const* lines) {
  const small_columns<Radius, Rows> pass{fixed_taps<const uint8_t, 2 * Radius + Rows>(taps),
                                         fixed_taps<uint16_t, Rows>(lines), fixed_weights<Radius>(weights)};
  for_lanes(hn::ScalableTag<uint16_t>(), count, pass);
}

template <index_t Radius>
HWY_INLINE void columns_of(const uint8_t* const* taps, index_t rows, const uint16_t* weights, index_t count,
                           uint16_t* const* lines) {
  index_t r = 0;
  for (; r + 2 <= rows; r += 2) small_columns_rows<Radius, 2>(taps + r, weights, count, lines + r);
  if (r < rows) small_columns_rows<Radius, 1>(taps + r, weights, count, lines + r);
}

void columns_rows(const uint8_t* const* taps, index_t rows, std::span<const uint16_t> weights, index_t count,
                  uint16_t* const* lines) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  switch (radius) {
    case 1:
      return columns_of<1>(taps, rows, weights.data(), count, lines);
    case 2:
      return columns_of<2>(taps, rows, weights.data(), count, lines);
    case 3:
      return columns_of<3>(taps, rows, weights.data(), count, lines);
    default:
      for (index_t r = 0; r < rows; ++r)
        for_blocks<4>(hn::ScalableTag<uint16_t>(), count,
                      columns{taps + r, weights.data(), radius, lines[r]});
  }
}

template <index_t Radius>
HWY_INLINE void along_of(const uint16_t* line, const uint16_t* weights, index_t step, index_t count,
                         uint8_t* out) {
  const along<fixed_weights<Radius>> pass{line, fixed_weights<Radius>(weights), Radius, step, out};
  for_blocks<1>(hn::ScalableTag<uint16_t>(), count, pass);
}

void along_row(const uint16_t* line, std::span<const uint16_t> weights, index_t step, index_t count,
               uint8_t* out) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  switch (radius) {
    case 1:
      return along_of<1>(line, weights.data(), step, count, out);
    case 2:
      return along_of<2>(line, weights.data(), step, count, out);
    case 3:
      return along_of<3>(line, weights.data(), step, count, out);
    default:
      for_blocks<4>(hn::ScalableTag<uint16_t>(), count,
                    along<any_weights>{line, {weights.data()}, radius, step, out});
  }
}

}  // namespace

detail::narrow_rows NarrowWeighing() {
  return {columns_rows, along_row};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(NarrowWeighing);

detail::narrow_rows detail::narrow_weighing() {
  return HWY_DYNAMIC_DISPATCH(NarrowWeighing)();
}

}  // namespace polyloop::frames
#endif
