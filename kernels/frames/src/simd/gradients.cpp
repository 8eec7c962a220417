#include "gradients.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gradients.cpp"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

/// Samples in the numbers of the sums.
template <class D>
HWY_INLINE hn::Vec<D> load_number(D d, const uint8_t* from) {
  return hn::PromoteTo(d, hn::LoadU(hn::Rebind<uint8_t, D>(), from));
}
template <class D>
HWY_INLINE hn::Vec<D> load_number(D d, const uint16_t* from) {
  return load_float(d, from);
}
template <class D>
HWY_INLINE hn::Vec<D> load_number(D d, const float* from) {
  return hn::LoadU(d, from);
}

template <class D>
HWY_INLINE hn::Vec<D> twice(hn::Vec<D> v) {
  return hn::Add(v, v);
}

template <class T, class Sum>
struct sobel_columns {
  const T* const* taps;
  Sum* p;
  Sum* q;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto above = load_number(d, taps[0] + i);
    const auto here = load_number(d, taps[1] + i);
    const auto below = load_number(d, taps[2] + i);
    hn::StoreU(hn::Add(hn::Add(above, twice<D>(here)), below), d, p + i);
    hn::StoreU(hn::Sub(below, above), d, q + i);
  }
};

/// What a derivative along the row needs, and what one down the columns does.
template <class T, class Sum>
struct smoothed_columns {
  const T* const* taps;
  Sum* p;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto here = load_number(d, taps[1] + i);
    hn::StoreU(hn::Add(hn::Add(load_number(d, taps[0] + i), twice<D>(here)), load_number(d, taps[2] + i)), d,
               p + i);
  }
};
template <class T, class Sum>
struct differing_columns {
  const T* const* taps;
  Sum* q;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::StoreU(hn::Sub(load_number(d, taps[2] + i), load_number(d, taps[0] + i)), d, q + i);
  }
};

template <class T, class Sum>
struct neighbour_columns {
  const T* const* taps;
  Sum* p;
  Sum* q;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::StoreU(hn::Add(load_number(d, taps[0] + i), load_number(d, taps[2] + i)), d, p + i);
    hn::StoreU(load_number(d, taps[1] + i), d, q + i);
  }
};

/// The sums around a sample.
template <class Sum>
struct around {
  const Sum* p;
  const Sum* q;
  index_t step;

  template <class D>
  HWY_INLINE hn::Vec<D> gx(D d, index_t i) const {
    return hn::Sub(hn::LoadU(d, p + i + step), hn::LoadU(d, p + i - step));
  }
  template <class D>
  HWY_INLINE hn::Vec<D> gy(D d, index_t i) const {
    return hn::Add(hn::Add(hn::LoadU(d, q + i - step), twice<D>(hn::LoadU(d, q + i))),
                   hn::LoadU(d, q + i + step));
  }
  template <class D>
  HWY_INLINE hn::Vec<D> laplace4(D d, index_t i) const {
    const auto cross =
        hn::Add(hn::LoadU(d, p + i), hn::Add(hn::LoadU(d, q + i - step), hn::LoadU(d, q + i + step)));
    return hn::Sub(cross, twice<D>(twice<D>(hn::LoadU(d, q + i))));
  }
  template <class D>
  HWY_INLINE hn::Vec<D> laplace8(D d, index_t i) const {
    const auto corners = hn::Add(hn::LoadU(d, p + i - step), hn::LoadU(d, p + i + step));
    const auto centre = hn::LoadU(d, q + i);
    return twice<D>(hn::Sub(corners, twice<D>(twice<D>(centre))));
  }
};

enum class kind { dx, dy, l1, laplace4, laplace8 };

template <kind Kind, class Sum>
struct linear {
  around<Sum> sums;
  Sum* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::StoreU(value(d, i), d, out + i);
  }

 private:
  template <class D>
  HWY_INLINE hn::Vec<D> value(D d, index_t i) const {
    if constexpr (Kind == kind::dx) return sums.gx(d, i);
    if constexpr (Kind == kind::dy) return sums.gy(d, i);
    if constexpr (Kind == kind::l1) return hn::Add(hn::Abs(sums.gx(d, i)), hn::Abs(sums.gy(d, i)));
    if constexpr (Kind == kind::laplace4) return sums.laplace4(d, i);
    if constexpr (Kind == kind::laplace8) return sums.laplace8(d, i);
  }
};

/// Whole numbers, or floats as they are, as floats.
template <class D>
HWY_INLINE hn::Vec<D> to_float(D d, hn::Vec<hn::Rebind<int16_t, D>> value) {
  return hn::ConvertTo(d, hn::PromoteTo(hn::Rebind<int32_t, D>(), value));
}
template <class D>
HWY_INLINE hn::Vec<D> to_float(D /*d*/, hn::Vec<D> value) {
  return value;
}

/// Of 8-bit samples the gradients are whole numbers, made a float once, and the sum of squares is below 2^24:
/// exact as a float.
template <class Sum, class Out>
struct root {
  around<Sum> sums;
  Out* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    store_float(d, value(d, i), out + i);
  }
  /// By non-temporal stores, to a place for whole vectors.
  template <class D>
  HWY_INLINE void stream(D d, index_t i) const {
    hn::Stream(value(d, i), d, out + i);
  }

 private:
  template <class D>
  HWY_INLINE hn::Vec<D> value(D d, index_t i) const {
    const hn::Rebind<Sum, D> whole;
    const auto gx = to_float(d, sums.gx(whole, i));
    const auto gy = to_float(d, sums.gy(whole, i));
    return hn::Sqrt(hn::Add(hn::Mul(gx, gx), hn::Mul(gy, gy)));
  }
};

#if HWY_TARGET == HWY_SCALAR || HWY_HAVE_SCALABLE
template <class Out>
using byte_root = root<int16_t, Out>;
using byte_root_number = float;
#else

/// What the lower and the upper halves of blocks of 16 bytes were made of, as two vectors in order.
template <class D>
HWY_INLINE void put_in_order(D d, hn::Vec<D>& lower, hn::Vec<D>& upper) {
  constexpr size_t blocks = hn::MaxLanes(D()) * sizeof(float) / 16;
  if constexpr (blocks > 1) {
    const auto first = hn::ConcatLowerLower(d, upper, lower);
    upper = hn::ConcatUpperUpper(d, upper, lower);
    lower = first;
  }
  if constexpr (blocks == 4) {
    alignas(64) static constexpr int32_t middle_exchanged[16] = {0, 1, 2, 3, 8,  9,  10, 11,
                                                                 4, 5, 6, 7, 12, 13, 14, 15};
    const auto places = hn::SetTableIndices(d, middle_exchanged);
    lower = hn::TableLookupLanes(lower, places);
    upper = hn::TableLookupLanes(upper, places);
  }
}

/// The same of 8-bit samples, two vectors of roots at once: the squares are added as whole numbers.
template <class Out>
struct byte_root {
  around<int16_t> sums;
  Out* out;

  template <class D>
  HWY_INLINE void operator()(D d16, index_t i) const {
    if constexpr (hn::MaxLanes(D()) == 1) {
      root<int16_t, Out>{sums, out}(hn::Rebind<float, D>(), i);
    } else {
      const hn::Repartition<float, D> d;
      const auto roots = values(d16, d, i);
      store_float(d, roots.first, out + i);
      store_float(d, roots.second, out + i + lanes(d));
    }
  }
  template <class D>
  HWY_INLINE void stream(D d16, index_t i) const {
    const hn::Repartition<float, D> d;
    const auto roots = values(d16, d, i);
    hn::Stream(roots.first, d, out + i);
    hn::Stream(roots.second, d, out + i + lanes(d));
  }

 private:
  template <class D>
  struct two {
    hn::Vec<D> first, second;
  };

  template <class D16, class D>
  HWY_INLINE two<D> values(D16 d16, D d, index_t i) const {
    const hn::Rebind<int32_t, D> d32;
    const auto gx = sums.gx(d16, i);
    const auto gy = sums.gy(d16, i);
    const auto lower = hn::InterleaveLower(d16, gx, gy);
    const auto upper = hn::InterleaveUpper(d16, gx, gy);
    two<D> roots{hn::Sqrt(hn::ConvertTo(d, sum_of_products(d32, lower, lower))),
                 hn::Sqrt(hn::ConvertTo(d, sum_of_products(d32, upper, upper)))};
    put_in_order(d, roots.first, roots.second);
    return roots;
  }
};
using byte_root_number = int16_t;
#endif

template <class T>
struct functions {
  using sum = detail::gradient_sum<T>;
  static void sobel(const T* const* taps, index_t count, sum* p, sum* q) {
    for_lanes(hn::ScalableTag<sum>(), count, sobel_columns<T, sum>{taps, p, q});
  }
  static void smoothed(const T* const* taps, index_t count, sum* p, sum* /*q*/) {
    for_lanes(hn::ScalableTag<sum>(), count, smoothed_columns<T, sum>{taps, p});
  }
  static void differences(const T* const* taps, index_t count, sum* /*p*/, sum* q) {
    for_lanes(hn::ScalableTag<sum>(), count, differing_columns<T, sum>{taps, q});
  }
  static void neighbours(const T* const* taps, index_t count, sum* p, sum* q) {
    for_lanes(hn::ScalableTag<sum>(), count, neighbour_columns<T, sum>{taps, p, q});
  }
  template <kind Kind>
  static void along(const sum* p, const sum* q, index_t step, index_t count, sum* out) {
    for_lanes(hn::ScalableTag<sum>(), count, linear<Kind, sum>{{p, q, step}, out});
  }
  template <class Out>
  static void magnitude(const sum* p, const sum* q, index_t step, index_t count, Out* out) {
    for_lanes(hn::ScalableTag<number>(), count, root_of<Out>{{p, q, step}, out});
  }
  static void magnitude_around_cache(const sum* p, const sum* q, index_t step, index_t count, float* out) {
    const hn::ScalableTag<number> d;
    const hn::CappedTag<number, 1> one;
    const root_of<float> made{{p, q, step}, out};
    index_t i = 0;
    for (; i + lanes(d) <= count; i += lanes(d)) made.stream(d, i);
    for (; i < count; ++i) made(one, i);
  }

 private:
  static constexpr bool of_bytes = std::is_same_v<T, uint8_t>;
  using number = std::conditional_t<of_bytes, byte_root_number, float>;
  template <class Out>
  using root_of = std::conditional_t<of_bytes, byte_root<Out>, root<sum, Out>>;
};

template <class T>
detail::gradient_rows<T> rows_of() {
  using f = functions<T>;
  return {f::sobel,
          f::smoothed,
          f::differences,
          f::template along<kind::dx>,
          f::template along<kind::dy>,
          f::template along<kind::l1>,
          f::template magnitude<float>,
          f::magnitude_around_cache,
          f::template magnitude<T>,
          f::neighbours,
          f::template along<kind::laplace4>,
          f::template along<kind::laplace8>};
}

}  // namespace

detail::for_each_sample<detail::gradient_rows> Gradients() {
  return {rows_of<uint8_t>(), rows_of<uint16_t>(), rows_of<float>()};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Gradients);

detail::for_each_sample<detail::gradient_rows> detail::gradients() {
  return HWY_DYNAMIC_DISPATCH(Gradients)();
}

}  // namespace polyloop::frames
#endif
