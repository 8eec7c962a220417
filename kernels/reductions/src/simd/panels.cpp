#include <algorithm>

#include "panel_functions.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "panels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::reductions::HWY_NAMESPACE {

namespace {

/// op(d, i) for vectors of A that cover [0, count), each once.
template <class A, class Op>
HWY_INLINE void for_vectors(index_t count, const Op& op) {
  constexpr auto width = static_cast<index_t>(vector_width<A>);
  index_t i = 0;
  for (; i + width <= count; i += width) op(vector_tag<A>(), i);
  for (; i < count; ++i) op(one_tag<A>(), i);
}

/// How many elements of the lines ahead the memory is asked for: they are too far apart for the CPU to guess.
constexpr index_t ahead = 4;

template <class T>
HWY_INLINE const T* elements_at(const panel<T>& of, index_t k) {
  return of.x + k * of.step;
}

template <class T>
HWY_INLINE const T* elements_ahead(const panel<T>& of, index_t k) {
  return elements_at(of, k + ahead < of.length ? k + ahead : k);
}

struct value {
  template <class D, class T>
  HWY_INLINE hn::Vec<D> operator()(D d, const T* x, index_t i) const {
    return load_as(d, x + i);
  }
};

template <class A, class T, class Term>
struct add_terms {
  const T* x;
  const T* next;
  A* sums;
  Term term;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hwy::Prefetch(next + i);
    hn::StoreU(hn::Add(hn::LoadU(d, sums + i), term(d, x, i)), d, sums + i);
  }
};

/// As run_lanes does for one line, but with the lanes of each line one below the other.
template <class R, class A, class T, class Term>
void add_lanes(const panel<T>& of, index_t first, index_t last, const Term& term, R* out) {
  constexpr auto count = static_cast<index_t>(lane_count<A>);
  A sums[lane_count<A>][most_lines] = {};
  for (index_t k = first; k < last; ++k)
    for_vectors<A>(of.lines, add_terms<A, T, Term>{elements_at(of, k), elements_ahead(of, k),
                                                   sums[(k - first) % count], term});
  for (index_t i = 0; i < of.lines; ++i) {
    lanes<A, 1> line;
    for (index_t k = 0; k < count; ++k) line.of[0][k] = sums[k][i];
    out[i] += line.template folded<R>(0, plus());
  }
}

template <class R, class A, class T, class Term>
void add_up(const panel<T>& of, const Term& term, R* out) {
  constexpr auto most = static_cast<index_t>(most_in_lanes<R, A>);
  std::fill_n(out, of.lines, R{});
  for (index_t first = 0; first < of.length; first += most)
    add_lanes<R, A>(of, first, std::min(of.length - first, most) + first, term, out);
}

template <class T>
struct add_distances {
  const T* x;
  const T* next;
  const double* from;
  double* sums;
  double* squares;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hwy::Prefetch(next + i);
    const auto away = hn::Sub(load_as(d, x + i), hn::LoadU(d, from + i));
    hn::StoreU(hn::Add(hn::LoadU(d, sums + i), away), d, sums + i);
    hn::StoreU(hn::Add(hn::LoadU(d, squares + i), hn::Mul(away, away)), d, squares + i);
  }
};

template <class T>
void add_up_distances(const panel<T>& of, const double* from, distance_sums* out) {
  constexpr auto count = static_cast<index_t>(lane_count<double>);
  double sums[lane_count<double>][most_lines] = {};
  double squares[lane_count<double>][most_lines] = {};
  for (index_t k = 0; k < of.length; ++k)
    for_vectors<double>(of.lines, add_distances<T>{elements_at(of, k), elements_ahead(of, k), from,
                                                   sums[k % count], squares[k % count]});
  for (index_t i = 0; i < of.lines; ++i) {
    lanes<double, 2> line;
    for (index_t k = 0; k < count; ++k) {
      line.of[0][k] = sums[k][i];
      line.of[1][k] = squares[k][i];
    }
    out[i] = {line.template folded<double>(0, plus()), line.template folded<double>(1, plus())};
  }
}

/// Whether what comes next is better than what is kept. A NaN is the best, and the first stays.
struct lesser {
  template <class V>
  HWY_INLINE auto operator()(V next, V kept) const {
    if constexpr (hwy::IsFloat<hn::TFromV<V>>())
      return hn::AndNot(hn::Ge(next, kept), hn::Eq(kept, kept));
    else
      return hn::Lt(next, kept);
  }
};
struct greater {
  template <class V>
  HWY_INLINE auto operator()(V next, V kept) const {
    if constexpr (hwy::IsFloat<hn::TFromV<V>>())
      return hn::AndNot(hn::Le(next, kept), hn::Eq(kept, kept));
    else
      return hn::Lt(kept, next);
  }
};

/// The elements from `first` on of each line, so many of them.
template <class Better, class T, index_t Count>
struct keep_best {
  const panel<T>& of;
  index_t first;
  T* best;
  T* place;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    auto kept = hn::LoadU(d, best + i);
    auto at = hn::LoadU(d, place + i);
    for (index_t k = first; k < first + Count; ++k) {
      hwy::Prefetch(elements_ahead(of, k) + i);
      const auto next = hn::LoadU(d, elements_at(of, k) + i);
      const auto better = Better()(next, kept);
      kept = hn::IfThenElse(better, next, kept);
      at = hn::IfThenElse(better, hn::Set(d, static_cast<T>(k)), at);
    }
    hn::StoreU(kept, d, best + i);
    hn::StoreU(at, d, place + i);
  }
};

template <class T>
struct functions {
  static void sums(const panel<T>& of, total_of<T>* out) {
    using lane = std::conditional_t<std::is_floating_point_v<T>, T, std::uint64_t>;
    add_up<total_of<T>, lane>(of, value(), out);
  }
  template <class Better>
  static void extreme(const panel<T>& of, T* best, T* place) {
    for (index_t i = 0; i < of.lines; ++i) {
      best[i] = of.x[i];
      place[i] = 0;
    }
    constexpr index_t together = 4;
    index_t k = 1;
    for (; k + together <= of.length; k += together)
      for_vectors<T>(of.lines, keep_best<Better, T, together>{of, k, best, place});
    for (; k < of.length; ++k) for_vectors<T>(of.lines, keep_best<Better, T, 1>{of, k, best, place});
  }

  static panel_functions<T> all() { return {sums, add_up_distances<T>, extreme<lesser>, extreme<greater>}; }
};

}  // namespace

for_each_type<panel_functions> Panels() {
  return {functions<float>::all(), functions<double>::all(), functions<std::int32_t>::all(),
          functions<std::int64_t>::all()};
}

}  // namespace polyloop::reductions::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::reductions {

HWY_EXPORT(Panels);

for_each_type<panel_functions> all_panel_functions() {
  return HWY_DYNAMIC_DISPATCH(Panels)();
}

}  // namespace polyloop::reductions
#endif
