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

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    auto sum = hn::Mul(hn::Set(d, weights[0]), load(d, i, 0));
    for (index_t k = 1; k <= radius; ++k) {
      const auto pair = hn::Add(load(d, i, -k), load(d, i, k));
      sum = hn::Add(sum, hn::Mul(hn::Set(d, weights[k]), pair));
    }
    store(d, i, sum);
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

template <class Load, class Store>
HWY_INLINE void weigh(const float* weights, index_t radius, index_t count, const Load& load,
                      const Store& store) {
  for_lanes(hn::ScalableTag<float>(), count, weighing<Load, Store>{weights, radius, load, store});
}

template <class T>
void columns_row(const T* const* taps, std::span<const float> weights, index_t count, float* out) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  weigh(weights.data(), radius, count, from_taps<T>{taps + radius}, to_row<float>{out});
}

template <class T>
void along_row(const float* line, std::span<const float> weights, index_t step, index_t count, T* out) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  weigh(weights.data(), radius, count, from_line{line, step}, to_row<T>{out});
}

template <class T>
constexpr detail::float_rows<T> rows{columns_row<T>, along_row<T>};

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
