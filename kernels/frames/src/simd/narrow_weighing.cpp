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

/// Radius > 0 is known when it is compiled, and then the weights stay in registers.
template <index_t Radius>
struct columns {
  const uint8_t* const* taps;
  const uint16_t* weights;
  index_t any_radius;
  index_t rows;
  uint16_t* const* lines;

  template <class D, index_t Vectors>
  HWY_INLINE void operator()(D d, index_t i, std::integral_constant<index_t, Vectors> vectors) const {
    for (index_t r = 0; r < rows; ++r) weigh(d, i, vectors, taps + r, lines[r]);
  }

 private:
  template <class D, index_t Vectors>
  HWY_INLINE void weigh(D d, index_t i, std::integral_constant<index_t, Vectors>, const uint8_t* const* first,
                        uint16_t* out) const {
    const index_t radius = Radius > 0 ? Radius : any_radius;
    const uint8_t* const* const centre = first + radius;
    const auto at = [d, i](index_t v) HWY_ATTR { return i + v * lanes(d); };
    hn::Vec<D> sums[Vectors];
    for (index_t v = 0; v < Vectors; ++v)
      sums[v] = hn::Add(first_sum(d, radius, 0), weighed(d, load_wide(d, centre[0] + at(v)), 0));
    for (index_t k = 1; k <= radius; ++k)
      for (index_t v = 0; v < Vectors; ++v) {
        const auto pair = hn::Add(load_wide(d, centre[-k] + at(v)), load_wide(d, centre[k] + at(v)));
        sums[v] = hn::Add(sums[v], weighed(d, pair, k));
      }
    for (index_t v = 0; v < Vectors; ++v) hn::StoreU(sums[v], d, out + at(v));
  }

  template <class D>
  HWY_INLINE hn::Vec<D> weighed(D d, hn::Vec<D> value, index_t k) const {
    return hn::MulHigh(hn::ShiftLeft<7>(value), hn::Set(d, weights[k]));
  }
};

template <index_t Radius>
struct along {
  const uint16_t* line;
  const uint16_t* weights;
  index_t any_radius;
  index_t step;
  uint8_t* out;

  template <class D, index_t Vectors>
  HWY_INLINE void operator()(D d, index_t i, std::integral_constant<index_t, Vectors>) const {
    const index_t radius = Radius > 0 ? Radius : any_radius;
    const auto centre = [=, this](index_t v) HWY_ATTR { return line + i + v * lanes(d); };
    hn::Vec<D> sums[Vectors];
    for (index_t v = 0; v < Vectors; ++v)
      sums[v] =
          hn::Add(first_sum(d, radius, 64), hn::MulHigh(hn::LoadU(d, centre(v)), hn::Set(d, weights[0])));
    for (index_t k = 1; k <= radius; ++k)
      for (index_t v = 0; v < Vectors; ++v) {
        const auto pair = hn::Add(hn::LoadU(d, centre(v) - k * step), hn::LoadU(d, centre(v) + k * step));
        sums[v] = hn::Add(sums[v], hn::MulHigh(pair, hn::Set(d, weights[k])));
      }
    for (index_t v = 0; v < Vectors; ++v) store_narrow(d, hn::ShiftRight<7>(sums[v]), out + i + v * lanes(d));
  }
};

template <template <index_t> class Pass, class... Arguments>
HWY_INLINE void run(index_t radius, index_t count, Arguments... arguments) {
  const hn::ScalableTag<uint16_t> d;
  switch (radius) {
    case 1:
      return for_blocks<1>(d, count, Pass<1>{arguments...});
    case 2:
      return for_blocks<1>(d, count, Pass<2>{arguments...});
    case 3:
      return for_blocks<1>(d, count, Pass<3>{arguments...});
    default:
      return for_blocks<4>(d, count, Pass<0>{arguments...});
  }
}

void columns_rows(const uint8_t* const* taps, index_t rows, std::span<const uint16_t> weights, index_t count,
                  uint16_t* const* lines) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  run<columns>(radius, count, taps, weights.data(), radius, rows, lines);
}

void along_row(const uint16_t* line, std::span<const uint16_t> weights, index_t step, index_t count,
               uint8_t* out) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  run<along>(radius, count, line, weights.data(), radius, step, out);
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
