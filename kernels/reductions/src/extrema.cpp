#include "polyloop/reductions/extrema.hpp"

#include <algorithm>
#include <limits>

#include "block_kernels.hpp"
#include "polyloop/monoid.hpp"
#include "polyloop/parallel_reduce.hpp"

namespace polyloop::reductions {

namespace {

/// What a block knows: its extreme value, whether it has a NaN, and where it is.
template <element T>
struct candidate {
  T value;
  bool nan;
  index_t first;
  index_t last;
};

/// The lower block where both are as good. A block with a NaN beats all.
template <element T, bool Least>
struct best {
  using value_type = candidate<T>;
  static candidate<T> identity() { return {0, false, 0, 0}; }
  candidate<T> operator()(const candidate<T>& a, const candidate<T>& b) const {
    if (a.nan || b.nan) return a.nan ? a : b;
    if (a.first == a.last) return b;  // the identity, which may tie with a value
    return b.first == b.last || !(Least ? b.value < a.value : a.value < b.value) ? a : b;
  }
};

/// A NaN makes the probe one; so do infinities that meet, and then a NaN is looked for.
template <bool Least, element T>
candidate<T> block_extremum(std::span<const T> x, index_t first, index_t last) {
  const block_kernels<T>& loops = kernels<T>();
  const bounds<T> found = Least ? loops.least(x.data(), x.size(), polyloop::minimum<T>::identity())
                                : loops.greatest(x.data(), x.size(), polyloop::maximum<T>::identity());
  const auto is_nan = [](T v) { return v != v; };
  const bool nan = is_nan(found.probe) && std::any_of(x.begin(), x.end(), is_nan);
  return {found.value, nan, first, last};
}

template <element T>
extremum<T> located(std::span<const T> x, const candidate<T>& found) {
  const auto block = part(x, found.first, found.last);
  const auto is_it = [&found](T v) { return found.nan ? v != v : v == found.value; };
  const auto at = std::find_if(block.begin(), block.end(), is_it);
  return {*at, found.first + (at - block.begin())};
}

template <bool Least, element T>
extremum<T> extremum_of(std::span<const T> x, const loop_options& options) {
  if (x.empty()) throw too_few_elements(0, 1);
  const auto block = [x](index_t first, index_t last) {
    return block_extremum<Least>(part(x, first, last), first, last);
  };
  return located(x, parallel_reduce_blocks(x.size(), best<T, Least>{}, block, options));
}

template <element T>
extrema<T> extrema_of(std::span<const T> x, const loop_options& options) {
  if (x.empty()) throw too_few_elements(0, 1);
  const auto block = [x](index_t first, index_t last) {
    const auto inside = part(x, first, last);
    return std::tuple(block_extremum<true>(inside, first, last), block_extremum<false>(inside, first, last));
  };
  const combined both(best<T, true>{}, best<T, false>{});
  const auto [low, high] = parallel_reduce_blocks(x.size(), both, block, options);
  return {located(x, low), located(x, high)};
}

}  // namespace

namespace detail {

using options = const loop_options&;

extremum<float> minimum(std::span<const float> x, options o) {
  return extremum_of<true>(x, o);
}
extremum<double> minimum(std::span<const double> x, options o) {
  return extremum_of<true>(x, o);
}
extremum<std::int32_t> minimum(std::span<const std::int32_t> x, options o) {
  return extremum_of<true>(x, o);
}
extremum<std::int64_t> minimum(std::span<const std::int64_t> x, options o) {
  return extremum_of<true>(x, o);
}

extremum<float> maximum(std::span<const float> x, options o) {
  return extremum_of<false>(x, o);
}
extremum<double> maximum(std::span<const double> x, options o) {
  return extremum_of<false>(x, o);
}
extremum<std::int32_t> maximum(std::span<const std::int32_t> x, options o) {
  return extremum_of<false>(x, o);
}
extremum<std::int64_t> maximum(std::span<const std::int64_t> x, options o) {
  return extremum_of<false>(x, o);
}

extrema<float> minmax(std::span<const float> x, options o) {
  return extrema_of(x, o);
}
extrema<double> minmax(std::span<const double> x, options o) {
  return extrema_of(x, o);
}
extrema<std::int32_t> minmax(std::span<const std::int32_t> x, options o) {
  return extrema_of(x, o);
}
extrema<std::int64_t> minmax(std::span<const std::int64_t> x, options o) {
  return extrema_of(x, o);
}

}  // namespace detail

}  // namespace polyloop::reductions
