#include "polyloop/reductions/moments.hpp"

#include <algorithm>
#include <cmath>

#include "block_kernels.hpp"
#include "polyloop/parallel_reduce.hpp"

namespace polyloop::reductions {

namespace {

/// Elements in a stretch: 8 KiB of doubles, so that the second way through it
/// reads the first-level cache; the merge is one in a thousand operations.
constexpr std::size_t stretch = 1024;

template <element T>
moments_of stretch_moments(std::span<const T> x) {
  const block_kernels<T>& loops = kernels<T>();
  const double mean = loops.sum_in_double(x.data(), x.size()) / static_cast<double>(x.size());
  return {static_cast<index_t>(x.size()), mean, loops.squared_distances(x.data(), x.size(), mean)};
}

template <element T>
moments_of block_moments(std::span<const T> x) {
  moments_of all;
  for (std::size_t i = 0; i < x.size(); i += stretch)
    all = merged(all, stretch_moments(x.subspan(i, std::min(stretch, x.size() - i))));
  return all;
}

struct merge {
  using value_type = moments_of;
  static moments_of identity() { return {}; }
  moments_of operator()(const moments_of& a, const moments_of& b) const { return merged(a, b); }
};

}  // namespace

double moments_of::mean() const {
  if (count_ < 1) throw too_few_elements(count_, 1);
  return mean_;
}

double moments_of::variance(variance_of kind) const {
  const index_t lost = kind == variance_of::sample ? 1 : 0;
  if (count_ < 1 + lost) throw too_few_elements(count_, 1 + lost);
  return squares_ / static_cast<double>(count_ - lost);
}

double moments_of::standard_deviation(variance_of kind) const {
  return std::sqrt(variance(kind));
}

moments_of merged(const moments_of& a, const moments_of& b) {
  if (a.count_ == 0) return b;
  if (b.count_ == 0) return a;
  const double na = static_cast<double>(a.count_);
  const double nb = static_cast<double>(b.count_);
  const double apart = b.mean_ - a.mean_;
  const double share = nb / (na + nb);
  return {a.count_ + b.count_, a.mean_ + apart * share,
          a.squares_ + b.squares_ + apart * apart * (na * share)};
}

namespace {

template <element T>
moments_of moments_in(std::span<const T> x, const loop_options& options) {
  const auto block = [x](index_t first, index_t last) { return block_moments(part(x, first, last)); };
  return parallel_reduce_blocks(x.size(), merge{}, block, options);
}

}  // namespace

namespace detail {

using options = const loop_options&;

moments_of moments(std::span<const float> x, options o) {
  return moments_in(x, o);
}
moments_of moments(std::span<const double> x, options o) {
  return moments_in(x, o);
}
moments_of moments(std::span<const std::int32_t> x, options o) {
  return moments_in(x, o);
}
moments_of moments(std::span<const std::int64_t> x, options o) {
  return moments_in(x, o);
}

}  // namespace detail

}  // namespace polyloop::reductions
