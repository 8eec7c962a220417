#include <algorithm>

#include "stretch_functions.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "folds.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"
#include "natural_exponential-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::reductions::HWY_NAMESPACE {

namespace {

/// What T is accumulated in inside a stretch.
template <class T>
using lane_of = std::conditional_t<std::is_floating_point_v<T>, T, std::uint64_t>;

/// Vectors of 64 bytes as two loads: with one, and nothing to do but an addition, an AMD Zen 5 looks so far
/// ahead that it reads more slowly (.94 instead of 1.0 of the speed of reading; no other loop gained).
template <class D, class T>
HWY_INLINE hn::Vec<D> load_in_halves(D d, const T* from) {
#if HWY_TARGET != HWY_SCALAR  // which has no halves
  if constexpr (std::is_same_v<T, hn::TFromD<D>> && hn::MaxLanes(D()) * sizeof(T) == 64) {
    const hn::Half<D> half;
    return hn::Combine(d, hn::LoadU(half, from + hn::MaxLanes(half)), hn::LoadU(half, from));
  }
#endif
  return load_as(d, from);
}

template <class T>
struct element {
  const T* x;

  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    ask_for_later(x, i);
    return load_in_halves(d, x + i);
  }
};

template <class T>
struct multiply {
  const T* x;

  template <class D, class V>
  HWY_INLINE void operator()(D d, V* kept, std::size_t i) const {
    kept[0] = hn::Mul(kept[0], load_as(d, x + i));
  }
};

/// For the first of two ways through a stretch, which the second way of the one before has asked for.
template <class T>
struct element_of_two {
  const T* x;

  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    return load_as(d, x + i);
  }
};

template <class T>
struct product_of {
  const T* x;
  const T* y;

  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    ask_for_later(x, i);
    ask_for_later(y, i);
    const auto a = load_as(d, x + i);
    const auto b = load_as(d, y + i);
    // A vector of one has no halves.
    if constexpr (std::is_same_v<T, std::int32_t> && HWY_TARGET != HWY_SCALAR) {
      const hn::Repartition<std::int32_t, D> halves;
      return hn::BitCast(d, hn::MulEven(hn::BitCast(halves, a), hn::BitCast(halves, b)));
    } else {
      return hn::Mul(a, b);
    }
  }
};

/// D. Knuth's addition, whose rounding error is a number and is kept.
template <class T>
struct add_compensated {
  const T* x;

  template <class D, class V>
  HWY_INLINE void operator()(D d, V* kept, std::size_t i) const {
    const V next = load_as(d, x + i);
    const V sum = hn::Add(kept[0], next);
    const V seen = hn::Sub(sum, kept[0]);
    const V lost = hn::Add(hn::Sub(kept[0], hn::Sub(sum, seen)), hn::Sub(next, seen));
    kept[0] = sum;
    kept[1] = hn::Add(kept[1], lost);
  }
};

struct plus_compensated {
  HWY_INLINE compensated operator()(const compensated& a, const compensated& b) const {
    const double sum = a.sum + b.sum;
    const double seen = sum - a.sum;
    return {sum, a.lost + b.lost + ((a.sum - (sum - seen)) + (b.sum - seen))};
  }
};

/// What they make of NaNs and of zeros of both signs differs among targets. It does not matter: where the
/// probe finds a NaN the value is not used, and elements are looked up by ==.
struct lesser {
  template <class V>
  HWY_INLINE V operator()(V kept, V next) const {
    return hn::Min(next, kept);
  }
};
struct greater {
  template <class V>
  HWY_INLINE V operator()(V kept, V next) const {
    return hn::Max(next, kept);
  }
};

template <class Order, class T>
struct find_bound {
  const T* x;

  template <class D, class V>
  HWY_INLINE void operator()(D d, V* kept, std::size_t i) const {
    ask_for_later(x, i);
    const V next = hn::LoadU(d, x + i);
    kept[0] = Order()(kept[0], next);
    if constexpr (std::is_floating_point_v<T>) kept[1] = hn::Add(kept[1], next);
  }
};

template <class T>
struct magnitude {
  const T* x;

  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    return hn::Abs(load_as(d, x + i));
  }
};

template <class T>
struct scaled_square {
  const T* x;
  double factor;

  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    const auto scaled = hn::Mul(load_as(d, x + i), hn::Set(d, factor));
    return hn::Mul(scaled, scaled);
  }
};

template <class T>
struct squared_distance {
  const T* x;
  std::size_t n;
  double from;

  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    ask_for_next(x, n, i);
    const auto away = hn::Sub(load_as(d, x + i), hn::Set(d, from));
    return hn::Mul(away, away);
  }
};

template <class T>
struct add_distances {
  const T* x;
  double from;

  template <class D, class V>
  HWY_INLINE void operator()(D d, V* kept, std::size_t i) const {
    ask_for_later(x, i);
    const V away = hn::Sub(load_as(d, x + i), hn::Set(d, from));
    kept[0] = hn::Add(kept[0], away);
    kept[1] = hn::Add(kept[1], hn::Mul(away, away));
  }
};

template <class T>
struct add_distance_powers {
  const T* x;
  std::size_t n;
  double from;

  template <class D, class V>
  HWY_INLINE void operator()(D d, V* kept, std::size_t i) const {
    ask_for_next(x, n, i);
    const V away = hn::Sub(load_as(d, x + i), hn::Set(d, from));
    const V square = hn::Mul(away, away);
    kept[0] = hn::Add(kept[0], hn::Mul(square, away));
    kept[1] = hn::Add(kept[1], hn::Mul(square, square));
  }
};

template <class T>
struct exponential_of {
  const T* x;
  double shift;

  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    return exponential(d, hn::Sub(load_as(d, x + i), hn::Set(d, shift)));
  }
};

/// All terms added up, in lanes of A.
template <class R, class A, class Term>
R added(const Term& term, std::size_t n) {
  R total = 0;
  for (std::size_t first = 0; first < n; first += most_in_lanes<R, A>) {
    lanes<A, 1> all = {};
    const auto next = [&term, first](auto d, auto* kept, std::size_t i)
                          HWY_ATTR { kept[0] = hn::Add(kept[0], term(d, first + i)); };
    run_lanes(next, std::min(n - first, most_in_lanes<R, A>), all);
    total += all.template folded<R>(0, plus());
  }
  return total;
}

template <class T>
struct functions {
  static total_of<T> sum(const T* x, std::size_t n) {
    return added<total_of<T>, lane_of<T>>(element<T>{x}, n);
  }

  static total_of<T> product(const T* x, std::size_t n) {
    lanes<total_of<T>, 1> all;
    for (auto& lane : all.of[0]) lane = 1;
    run_lanes(multiply<T>{x}, n, all);
    return all.template folded<total_of<T>>(0, times());
  }

  static total_of<T> dot(const T* x, const T* y, std::size_t n) {
    return added<total_of<T>, lane_of<T>>(product_of<T>{x, y}, n);
  }

  static compensated compensated_sum(const T* x, std::size_t n) {
    lanes<double, 2> all = {};
    run_lanes(add_compensated<T>{x}, n, all);
    compensated total = {};
    for (std::size_t k = 0; k < lane_count<double>; ++k)
      total = plus_compensated()(total, {all.of[0][k], all.of[1][k]});
    return total;
  }

  template <class Order>
  static bounds<T> bound(const T* x, std::size_t n, T identity) {
    constexpr int kept = std::is_floating_point_v<T> ? 2 : 1;
    lanes<T, kept> all = {};
    for (T& lane : all.of[0]) lane = identity;
    run_lanes<2>(find_bound<Order, T>{x}, n, all);
    const T value = all.template folded<T>(0, Order());
    if constexpr (kept == 1)
      return {value, 0};
    else
      return {value, all.template folded<T>(1, plus())};
  }

  static double sum_in_double(const T* x, std::size_t n) {
    return added<double, double>(element_of_two<T>{x}, n);
  }
  static double magnitudes(const T* x, std::size_t n) { return added<double, double>(magnitude<T>{x}, n); }
  static double squares(const T* x, std::size_t n, double factor) {
    return added<double, double>(scaled_square<T>{x, factor}, n);
  }
  static double squared_distances(const T* x, std::size_t n, double from) {
    return added<double, double>(squared_distance<T>{x, n, from}, n);
  }
  static distance_sums distances(const T* x, std::size_t n, double from) {
    lanes<double, 2> all = {};
    run_lanes(add_distances<T>{x, from}, n, all);
    return {all.template folded<double>(0, plus()), all.template folded<double>(1, plus())};
  }
  static std::size_t place_of(const T* x, std::size_t n, T value) {
    return hn::Find(vector_tag<T>(), value, x, n);
  }
  static distance_powers powers(const T* x, std::size_t n, double from) {
    lanes<double, 2> all = {};
    run_lanes(add_distance_powers<T>{x, n, from}, n, all);
    return {all.template folded<double>(0, plus()), all.template folded<double>(1, plus())};
  }
  static double exponentials(const T* x, std::size_t n, double shift) {
    return added<double, double>(exponential_of<T>{x, shift}, n);
  }

  static stretch_functions<T> all() {
    return {sum,      product,       dot,        compensated_sum, bound<lesser>,     bound<greater>,
            place_of, sum_in_double, magnitudes, squares,         squared_distances, distances,
            powers,   exponentials};
  }
};

}  // namespace

for_each_type<stretch_functions> Folds() {
  return {functions<float>::all(), functions<double>::all(), functions<std::int32_t>::all(),
          functions<std::int64_t>::all()};
}

}  // namespace polyloop::reductions::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::reductions {

HWY_EXPORT(Folds);

for_each_type<stretch_functions> all_stretch_functions() {
  return HWY_DYNAMIC_DISPATCH(Folds)();
}

}  // namespace polyloop::reductions
#endif
