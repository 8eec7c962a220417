#include "polyloop/reductions/log_sum_exp.hpp"

#include <cmath>
#include <limits>

#include "candidates.hpp"
#include "instances.hpp"

namespace polyloop::reductions::detail {

namespace {

/// sum exp(shift).
struct shifted_sum {
  double shift;
  double sum;
};

struct plus_shifted {
  using value_type = shifted_sum;
  static shifted_sum identity() { return {-std::numeric_limits<double>::infinity(), 0}; }
  shifted_sum operator()(const shifted_sum& a, const shifted_sum& b) const {
    if (is_nan(a.sum) || is_nan(b.sum)) return is_nan(a.sum) ? a : b;
    if (a.sum == 0 || b.sum == 0) return b.sum == 0 ? a : b;
    if (a.shift == b.shift) return {a.shift, a.sum + b.sum};
    const bool first = a.shift > b.shift;
    const shifted_sum& high = first ? a : b;
    const shifted_sum& low = first ? b : a;
    return {high.shift, high.sum + low.sum * std::exp(low.shift - high.shift)};
  }
};

template <class T>
shifted_sum stretch_sum(const stretch_functions<T>& f, const stretch<T>& part) {
  const candidate<T> greatest = stretch_extremum<false>(f, part);
  const auto shift = static_cast<double>(greatest.value);
  if (greatest.nan) return {0, std::numeric_limits<double>::quiet_NaN()};
  if (std::isinf(shift)) return {shift, shift > 0 ? 1.0 : 0.0};
  return {shift, f.exponentials(part.data, part.size, shift)};
}

}  // namespace

template <compiled T>
double log_sum_exp(const input<T>& x, const loop_options& options) {
  const auto each = [f = functions_for<T>()](const stretch<T>& part) { return stretch_sum(f, part); };
  const shifted_sum total = reduce(x, plus_shifted{}, each, options);
  return total.shift + std::log(total.sum);
}

#define POLYLOOP_LOG_SUM_EXP(T) template double log_sum_exp(const input<T>&, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_LOG_SUM_EXP)

}  // namespace polyloop::reductions::detail
