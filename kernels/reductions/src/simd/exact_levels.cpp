#include "exact_levels.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "exact_levels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::reductions::HWY_NAMESPACE {

namespace {

/// The sum of all magnitudes: finite and above the greatest, unless one of them is not finite.
template <class T>
struct add_magnitudes {
  const T* x;
  std::size_t n;

  template <class D, class V>
  HWY_INLINE void operator()(D d, V* kept, std::size_t i) const {
    ask_for_half_of_next<1>(x, n, i);
    kept[0] = hn::Add(kept[0], hn::Abs(load_as(d, x + i)));
  }
};

/// Adding and taking away sigma, a power of two, leaves the multiple of its last place that is nearest to x.
/// Each level takes that from what the one before has left; the last of kept is the sum of the magnitudes of
/// what is left in the end.
template <class T, int Levels>
struct extract {
  const T* x;
  std::size_t n;
  double sigma[Levels];

  template <class D, class V>
  HWY_INLINE void operator()(D d, V* kept, std::size_t i) const {
    ask_for_half_of_next<2>(x, n, i);
    V rest = load_as(d, x + i);
    for (int level = 0; level < Levels; ++level) {
      const V height = hn::Set(d, sigma[level]);
      const V high = hn::Sub(hn::Add(rest, height), height);
      kept[level] = hn::Add(kept[level], high);
      rest = hn::Sub(rest, high);
    }
    kept[Levels] = hn::Add(kept[Levels], hn::Abs(rest));
  }
};

/// 2^exponent, for normal ones.
double power_of_two(int exponent) {
  const auto bits = static_cast<std::uint64_t>(exponent + 1023) << 52;
  double value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

int exponent_of(double value) {
  std::uint64_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return static_cast<int>(bits >> 52 & 2047) - 1023;
}

/// The extracts of the first level, at sigma = 2^s, are multiples of 2^(s - 53), and their sum is about that
/// of the elements and below 2^s: 53 bits, so that it is exact. They leave at most 2^(s - 53) of each of the
/// 2^12 elements, which 2^(s - 39) does with alike.
constexpr int room = 2;
constexpr int step = 39;

template <int Levels, class T>
exact_parts extracted(const T* x, std::size_t n, int above) {
  extract<T, Levels> op{x, n, {}};
  for (int level = 0; level < Levels; ++level) op.sigma[level] = power_of_two(above + room - level * step);
  lanes<double, Levels + 1> all = {};
  run_lanes(op, n, all);
  exact_parts parts = {};
  if (all.template folded<double>(Levels, plus()) != 0) return parts;
  for (int level = 0; level < Levels; ++level) parts.part[level] = all.template folded<double>(level, plus());
  parts.count = Levels;
  return parts;
}

template <class T>
exact_parts exact_sum(const T* x, std::size_t n) {
  lanes<T, 1> magnitudes = {};
  run_lanes(add_magnitudes<T>{x, n}, n, magnitudes);
  const double most = magnitudes.template folded<double>(0, plus());
  if (most == 0) return {{}, 1};
  // No sigma may overflow, nor be subnormal.
  constexpr int highest = 1000;
  constexpr int lowest = -1022 + exact_parts::most * step;
  const int above = exponent_of(most) + 1;
  if (above > highest || above < lowest) return {};
  // A level is enough for most floats, with their few bits; two are for most doubles.
  constexpr int first = sizeof(T) == sizeof(double) ? 2 : 1;
  exact_parts parts = extracted<first>(x, n, above);
  if (first == 1 && parts.count == 0) parts = extracted<2>(x, n, above);
  return parts.count > 0 ? parts : extracted<exact_parts::most>(x, n, above);
}

}  // namespace

all_exact_functions ExactLevels() {
  return {{exact_sum<float>}, {exact_sum<double>}};
}

}  // namespace polyloop::reductions::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::reductions {

HWY_EXPORT(ExactLevels);

all_exact_functions exact_levels() {
  return HWY_DYNAMIC_DISPATCH(ExactLevels)();
}

}  // namespace polyloop::reductions
#endif
