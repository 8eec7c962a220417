#include "polyloop/reductions/extrema.hpp"

#include <tuple>

#include "candidates.hpp"
#include "instances.hpp"

namespace polyloop::reductions::detail {

namespace {

template <bool Least, class T>
extremum<T> extremum_of(const input<T>& x, const loop_options& options) {
  if (x.size() == 0) throw too_few_elements(0, 1);
  const auto f = functions_for<T>();
  const auto each = [&f](const stretch<T>& part) { return stretch_extremum<Least>(f, part); };
  return located(f, x, reduce<long_stretch_bytes<T>>(x, best<T, Least>{}, each, options));
}

}  // namespace

template <compiled T>
extremum<T> minimum(const input<T>& x, const loop_options& options) {
  return extremum_of<true>(x, options);
}

template <compiled T>
extremum<T> maximum(const input<T>& x, const loop_options& options) {
  return extremum_of<false>(x, options);
}

template <compiled T>
extrema<T> minmax(const input<T>& x, const loop_options& options) {
  if (x.size() == 0) throw too_few_elements(0, 1);
  const auto f = functions_for<T>();
  const auto each = [&f](const stretch<T>& part) {
    return std::tuple(stretch_extremum<true>(f, part), stretch_extremum<false>(f, part));
  };
  const combined both(best<T, true>{}, best<T, false>{});
  const auto [low, high] = reduce<long_stretch_bytes<T>>(x, both, each, options);
  return {located(f, x, low), located(f, x, high)};
}

#define POLYLOOP_EXTREMA(T)                                           \
  template extremum<T> minimum(const input<T>&, const loop_options&); \
  template extremum<T> maximum(const input<T>&, const loop_options&); \
  template extrema<T> minmax(const input<T>&, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_EXTREMA)

}  // namespace polyloop::reductions::detail
