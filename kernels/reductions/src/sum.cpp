#include "polyloop/reductions/sum.hpp"

#include "block_kernels.hpp"
#include "polyloop/parallel_reduce.hpp"

namespace polyloop::reductions {

namespace {

template <element T>
sum_type<T> sum_of(std::span<const T> x, const loop_options& options) {
  const auto block = [x](index_t first, index_t last) {
    return kernels<T>().sum(x.data() + first, static_cast<std::size_t>(last - first));
  };
  return static_cast<sum_type<T>>(
      parallel_reduce_blocks(x.size(), polyloop::sum<total_of<T>>{}, block, options));
}

template <element T>
sum_type<T> dot_of(std::span<const T> x, std::span<const T> y, const loop_options& options) {
  if (x.size() != y.size())
    throw invalid_argument("size of y", std::to_string(y.size()),
                           std::to_string(x.size()) + ", the size of x");
  const auto block = [x, y](index_t first, index_t last) {
    return kernels<T>().dot(x.data() + first, y.data() + first, static_cast<std::size_t>(last - first));
  };
  return static_cast<sum_type<T>>(
      parallel_reduce_blocks(x.size(), polyloop::sum<total_of<T>>{}, block, options));
}

}  // namespace

namespace detail {

using options = const loop_options&;

float sum(std::span<const float> x, options o) {
  return sum_of(x, o);
}
double sum(std::span<const double> x, options o) {
  return sum_of(x, o);
}
std::int64_t sum(std::span<const std::int32_t> x, options o) {
  return sum_of(x, o);
}
std::int64_t sum(std::span<const std::int64_t> x, options o) {
  return sum_of(x, o);
}

float dot(std::span<const float> x, std::span<const float> y, options o) {
  return dot_of(x, y, o);
}
double dot(std::span<const double> x, std::span<const double> y, options o) {
  return dot_of(x, y, o);
}
std::int64_t dot(std::span<const std::int32_t> x, std::span<const std::int32_t> y, options o) {
  return dot_of(x, y, o);
}
std::int64_t dot(std::span<const std::int64_t> x, std::span<const std::int64_t> y, options o) {
  return dot_of(x, y, o);
}

}  // namespace detail

}  // namespace polyloop::reductions
