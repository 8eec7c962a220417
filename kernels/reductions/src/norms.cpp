#include "polyloop/reductions/norms.hpp"

#include <cmath>
#include <limits>

#include "instances.hpp"
#include "polyloop/reductions/extrema.hpp"
#include "simd/stretch_functions.hpp"
#include "stretches.hpp"

namespace polyloop::reductions::detail {

namespace {

template <class T>
double sum_of_squares(const input<T>& x, double factor, const loop_options& options) {
  const auto each = [f = functions_for<T>(), factor](const stretch<T>& part) {
    return f.squares(part.data, part.size, factor);
  };
  return reduce(x, polyloop::sum<double>{}, each, options);
}

/// The powers of two that bring the greatest magnitude to 1 and back; two factors, for one may exceed the
/// range.
template <class T>
double scaled_norm2(const input<T>& x, const loop_options& options) {
  const double greatest = norm_infinity(x, options);
  if (greatest == 0 || !std::isfinite(greatest)) return greatest;
  const int exponent = std::max(std::ilogb(greatest), -1000);
  return std::ldexp(std::sqrt(sum_of_squares(x, std::ldexp(1.0, -exponent), options)), exponent);
}

}  // namespace

template <compiled T>
double norm1(const input<T>& x, const loop_options& options) {
  const auto each = [f = functions_for<T>()](const stretch<T>& part) {
    return f.magnitudes(part.data, part.size);
  };
  return reduce(x, polyloop::sum<double>{}, each, options);
}

template <compiled T>
double norm2(const input<T>& x, const loop_options& options) {
  // Squares below 2^-1022 have lost bits; beside a sum above this they do not count, of up to 2^48 elements.
  constexpr double enough = 0x1p-900;
  const double squares = sum_of_squares(x, 1, options);
  const bool in_range = squares >= enough && std::isfinite(squares);
  return in_range || x.size() == 0 ? std::sqrt(squares) : scaled_norm2(x, options);
}

template <compiled T>
double norm_infinity(const input<T>& x, const loop_options& options) {
  if (x.size() == 0) return 0;
  const extrema<T> both = minmax(x, options);
  const double low = std::fabs(static_cast<double>(both.minimum.value));
  return std::max(low, std::fabs(static_cast<double>(both.maximum.value)));
}

#define POLYLOOP_NORMS(T)                                      \
  template double norm1(const input<T>&, const loop_options&); \
  template double norm2(const input<T>&, const loop_options&); \
  template double norm_infinity(const input<T>&, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_NORMS)

}  // namespace polyloop::reductions::detail
