#include "medians.hpp"

#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "medians.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

/// The lesser goes to the first place, the greater to the second.
struct exchange {
  int8_t a;
  int8_t b;
};

constexpr exchange sort3[] = {{1, 2}, {0, 1}, {1, 2}};
constexpr exchange sort5[] = {{0, 3}, {1, 4}, {0, 2}, {1, 3}, {0, 1}, {2, 4}, {1, 2}, {3, 4}, {2, 3}};

/// Of nine samples whose columns are sorted, row by row: the median of the greatest of the least, the median
/// of the middle and the least of the greatest ones ends in place 4.
constexpr exchange square3[] = {{0, 1}, {1, 2}, {7, 8}, {6, 7}, {3, 4},
                                {4, 5}, {3, 4}, {4, 6}, {2, 4}, {4, 6}};

/// Of 25 samples whose columns are sorted, row by row: the median ends in place 20. The rows are sorted, and
/// of the 13 samples that can then be the median the middle one is found. Exchanges that never change
/// anything, of all ways in which a threshold can lie between sorted columns, have been left out.
constexpr exchange square5[] = {
    {0, 3},   {1, 4},   {0, 2},   {2, 4},   {1, 2},   {3, 4},   {2, 3},   {5, 8},   {6, 9},   {6, 8},
    {5, 6},   {7, 9},   {6, 7},   {8, 9},   {7, 8},   {10, 13}, {11, 14}, {10, 12}, {11, 13}, {10, 11},
    {12, 14}, {11, 12}, {13, 14}, {12, 13}, {15, 18}, {16, 19}, {15, 17}, {16, 18}, {15, 16}, {17, 19},
    {16, 17}, {17, 18}, {20, 23}, {21, 24}, {20, 22}, {21, 23}, {20, 21}, {22, 24}, {21, 22}, {11, 7},
    {3, 15},  {16, 12}, {20, 4},  {13, 17}, {7, 15},  {16, 20}, {12, 4},  {8, 13},  {12, 20}, {9, 13},
    {8, 21},  {15, 12}, {12, 20}, {12, 9},  {15, 12}, {20, 8},  {12, 20}};

/// All exchanges in turn; what has no use for the result the compiler leaves out.
template <const auto& Network, class V, std::size_t... I>
HWY_INLINE void sort_all(V* v, std::index_sequence<I...>) {
  const auto one = [v](exchange e) HWY_ATTR {
    const V lesser = hn::Min(v[e.a], v[e.b]);
    v[e.b] = hn::Max(v[e.a], v[e.b]);
    v[e.a] = lesser;
  };
  (one(Network[I]), ...);
}

template <const auto& Network, class V>
HWY_INLINE void sort_by(V* v) {
  sort_all<Network>(v, std::make_index_sequence<std::size(Network)>());
}

template <const auto& Network, int Side, class T>
struct sorted_columns {
  fixed_taps<const T, Side> taps;
  fixed_taps<T, Side> lines;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::Vec<D> v[Side];
    for (int t = 0; t < Side; ++t) v[t] = hn::LoadU(d, taps.of[t] + i);
    sort_by<Network>(v);
    for (int t = 0; t < Side; ++t) hn::StoreU(v[t], d, lines.of[t] + i);
  }
};

template <const auto& Network, int Side, int Result, class T>
struct sorted_squares {
  fixed_taps<const T, Side> lines;
  index_t step;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    hn::Vec<D> v[Side * Side];
    for (int t = 0; t < Side; ++t)
      for (int k = 0; k < Side; ++k) v[t * Side + k] = hn::LoadU(d, lines.of[t] + i + (k - Side / 2) * step);
    sort_by<Network>(v);
    hn::StoreU(v[Result], d, out + i);
  }
};

template <const auto& Network, int Side, class T>
void columns(const T* const* taps, index_t count, T* const* lines) {
  for_lanes(hn::ScalableTag<T>(), count,
            sorted_columns<Network, Side, T>{fixed_taps<const T, Side>(taps), fixed_taps<T, Side>(lines)});
}

template <const auto& Network, int Side, int Result, class T>
void along(const T* const* lines, index_t step, index_t count, T* out) {
  for_lanes(hn::ScalableTag<T>(), count,
            sorted_squares<Network, Side, Result, T>{fixed_taps<const T, Side>(lines), step, out});
}

template <class V>
HWY_INLINE V middle_of(V a, V b, V c) {
  return hn::Max(hn::Min(a, b), hn::Min(hn::Max(a, b), c));
}

/// The three columns of a square, each sorted: of the median the greatest of the least, the middle one of the
/// middle and the least of the greatest ones are left.
template <class V>
struct sorted_triples {
  V least[3], middle[3], greatest[3];

  /// Column k: `other` among two that are sorted.
  HWY_INLINE void put(int k, V other, V lower, V upper) {
    least[k] = hn::Min(other, lower);
    const V rest = hn::Max(other, lower);
    middle[k] = hn::Min(rest, upper);
    greatest[k] = hn::Max(rest, upper);
  }
  HWY_INLINE V median() const {
    return middle_of(hn::Max(hn::Max(least[0], least[1]), least[2]),
                     middle_of(middle[0], middle[1], middle[2]),
                     hn::Min(hn::Min(greatest[0], greatest[1]), greatest[2]));
  }
};

template <class T>
struct two_medians {
  fixed_taps<const T, 4> taps;
  index_t step;
  T* upper;
  T* lower;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    sorted_triples<hn::Vec<D>> above, below;
    for (int k = 0; k < 3; ++k) {
      const auto sample = [&](int t) HWY_ATTR { return hn::LoadU(d, taps.of[t] + i + (k - 1) * step); };
      const auto a = sample(1), b = sample(2);
      const auto least = hn::Min(a, b), most = hn::Max(a, b);
      above.put(k, sample(0), least, most);
      below.put(k, sample(3), least, most);
    }
    hn::StoreU(above.median(), d, upper + i);
    hn::StoreU(below.median(), d, lower + i);
  }
};

template <class T>
void two_rows(const T* const* taps, index_t step, index_t count, T* upper, T* lower) {
  for_lanes(hn::ScalableTag<T>(), count, two_medians<T>{fixed_taps<const T, 4>(taps), step, upper, lower});
}

template <class T>
constexpr detail::median_rows<T> rows{columns<sort3, 3, T>, along<square3, 3, 4, T>, two_rows<T>,
                                      columns<sort5, 5, T>, along<square5, 5, 20, T>};

}  // namespace

detail::for_each_sample<detail::median_rows> Medians() {
  return {rows<uint8_t>, rows<uint16_t>, rows<float>};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Medians);

detail::for_each_sample<detail::median_rows> detail::medians() {
  return HWY_DYNAMIC_DISPATCH(Medians)();
}

}  // namespace polyloop::frames
#endif
