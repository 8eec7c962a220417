#include "weighing.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "float_weighing.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

/// No fused multiplication and addition, which not every target has: the bits are the same on all.
HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

template <class Load, class Store>
struct weighing {
  const float* weights;
  index_t radius;
  Load load;
  Store store;

  /// Several vectors at once: an addition does not wait for the one before it.
  template <class D, index_t Vectors>
  HWY_INLINE void operator()(D d, index_t i, std::integral_constant<index_t, Vectors>) const {
    hn::Vec<D> sums[Vectors];
    const auto at = [d, i](index_t v) HWY_ATTR { return i + v * lanes(d); };
    for (index_t v = 0; v < Vectors; ++v) sums[v] = hn::Mul(hn::Set(d, weights[0]), load(d, at(v), 0));
    for (index_t k = 1; k <= radius; ++k) {
      const auto weight = hn::Set(d, weights[k]);
      for (index_t v = 0; v < Vectors; ++v) {
        const auto pair = hn::Add(load(d, at(v), -k), load(d, at(v), k));
        sums[v] = hn::Add(sums[v], hn::Mul(weight, pair));
      }
    }
    for (index_t v = 0; v < Vectors; ++v) store(d, at(v), sums[v]);
  }
};

template <class T>
struct from_taps {
  const T* const* centre;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, index_t i, index_t k) const {
    return load_float(d, centre[k] + i);
  }
};

struct from_line {
  const float* line;
  index_t step;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, index_t i, index_t k) const {
    return hn::LoadU(d, line + i + k * step);
  }
};

template <class T>
struct to_row {
  T* out;
  template <class D>
  HWY_INLINE void operator()(D d, index_t i, hn::Vec<D> value) const {
    store_float(d, value, out + i);
  }
};

template <class T>
struct column_sums {
  const T* const* centre;
  index_t rows;
  std::span<const float> weights;
  float* const* lines;

  template <class D, index_t Vectors>
  HWY_INLINE void operator()(D d, index_t i, std::integral_constant<index_t, Vectors> vectors) const {
    const auto radius = static_cast<index_t>(weights.size()) - 1;
    for (index_t r = 0; r < rows; ++r)
      weighing<from_taps<T>, to_row<float>>{weights.data(), radius, {centre + r}, {lines[r]}}(d, i, vectors);
  }
};

template <class T>
void columns_rows(const T* const* taps, index_t rows, std::span<const float> weights, index_t count,
                  float* const* lines) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  for_blocks<4>(hn::ScalableTag<float>(), count, column_sums<T>{taps + radius, rows, weights, lines});
}

template <class T>
void along_row(const float* line, std::span<const float> weights, index_t step, index_t count, T* out) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  for_blocks<4>(hn::ScalableTag<float>(), count,
                weighing<from_line, to_row<T>>{weights.data(), radius, {line, step}, {out}});
}

template <class T>
constexpr detail::float_rows<T> rows{columns_rows<T>, along_row<T>};

}  // namespace

detail::for_each_sample<detail::float_rows> FloatWeighing() {
  return {rows<uint8_t>, rows<uint16_t>, rows<float>};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(FloatWeighing);

detail::for_each_sample<detail::float_rows> detail::float_weighing() {
  return HWY_DYNAMIC_DISPATCH(FloatWeighing)();
}

}  // namespace polyloop::frames
#endif
