#include "polyloop/reductions/sum.hpp"

#include "instances.hpp"
#include "simd/stretch_functions.hpp"
#include "stretches.hpp"

namespace polyloop::reductions {

namespace {

/// Not shared with folds.cpp, where it is compiled for other instructions.
struct plus_compensated {
  using value_type = compensated;
  static compensated identity() { return {0, 0}; }
  compensated operator()(const compensated& a, const compensated& b) const {
    const double sum = a.sum + b.sum;
    const double seen = sum - a.sum;
    return {sum, a.lost + b.lost + ((a.sum - (sum - seen)) + (b.sum - seen))};
  }
};

/// Of a stretch of both.
template <class T>
total_of<T> stretch_dot(const stretch_functions<T>& f, const stretch<T>& x, const input<T>& y) {
  T scratch[stretch_size<T, long_stretch_bytes<T>>];
  return f.dot(x.data, y.read(x.first, static_cast<index_t>(x.size), scratch), x.size);
}

}  // namespace

namespace detail {

template <compiled T>
sum_type<T> sum(const input<T>& x, const loop_options& options) {
  const auto each = [f = functions_for<T>()](const stretch<T>& part) { return f.sum(part.data, part.size); };
  return static_cast<sum_type<T>>(
      reduce<long_stretch_bytes<T>>(x, polyloop::sum<total_of<T>>{}, each, options));
}

template <compiled T>
sum_type<T> product(const input<T>& x, const loop_options& options) {
  const auto each = [f = functions_for<T>()](const stretch<T>& part) {
    return f.product(part.data, part.size);
  };
  return static_cast<sum_type<T>>(
      reduce<long_stretch_bytes<T>>(x, polyloop::product<total_of<T>>{}, each, options));
}

template <compiled T>
sum_type<T> dot(const input<T>& x, const input<T>& y, const loop_options& options) {
  const auto each = [f = functions_for<T>(), &y](const stretch<T>& part) { return stretch_dot(f, part, y); };
  return static_cast<sum_type<T>>(
      reduce<long_stretch_bytes<T>>(x, polyloop::sum<total_of<T>>{}, each, options));
}

template <compiled T>
double compensated_sum(const input<T>& x, const loop_options& options) {
  const auto each = [f = functions_for<T>()](const stretch<T>& part) {
    return f.compensated_sum(part.data, part.size);
  };
  const compensated total = reduce(x, plus_compensated{}, each, options);
  // What is lost is a NaN where a sum is infinite.
  return total.sum - total.sum == 0 ? total.sum + total.lost : total.sum;
}

#define POLYLOOP_SUMS(T)                                              \
  template sum_type<T> sum(const input<T>&, const loop_options&);     \
  template sum_type<T> product(const input<T>&, const loop_options&); \
  template sum_type<T> dot(const input<T>&, const input<T>&, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_SUMS)
template double compensated_sum(const input<float>&, const loop_options&);
template double compensated_sum(const input<double>&, const loop_options&);

}  // namespace detail

}  // namespace polyloop::reductions
