#include "suite/roofline_loops.hpp"

#include "support/keep.hpp"

// Each function in several versions, from which the loader chooses: the library
// may have been built on another machine. Nothing for sanitizers, whose code
// cannot run that early.
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define POLYLOOP_FOR_EACH_CPU __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#endif
#endif
#if !defined(POLYLOOP_FOR_EACH_CPU)
#define POLYLOOP_FOR_EACH_CPU
#endif

namespace polyloop::bench::roof {

namespace {

// Sums or products side by side, so that none waits for the one before, and no
// more than the registers hold: 12 of AVX2 (of 16), 12 of AVX-512 (of 32).
constexpr std::size_t lanes = 48;
constexpr std::size_t wide_lanes = 96;

template <std::size_t count, class T>
[[gnu::always_inline]] inline double multiply_add(std::size_t times) {
  T x[count] = {};
  for (std::size_t i = 0; i < times; ++i)
    for (std::size_t lane = 0; lane < count; ++lane) x[lane] = x[lane] * T(0.999) + T(1e-3);
  keep(x);
  return 2.0 * static_cast<double>(times * count);
}

}  // namespace

POLYLOOP_FOR_EACH_CPU double read(std::size_t n, const double* x) {
  double sums[lanes] = {};
  for (std::size_t i = 0; i + lanes <= n; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += x[i + lane];
  double total = 0;
  for (const double each : sums) total += each;
  return total;
}

POLYLOOP_FOR_EACH_CPU void copy(std::size_t n, const double* x, double* y) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i];
}

POLYLOOP_FOR_EACH_CPU void triad(std::size_t n, double a, const double* x, const double* y, double* z) {
  for (std::size_t i = 0; i < n; ++i) z[i] = x[i] + a * y[i];
}

POLYLOOP_FOR_EACH_CPU void update(std::size_t n, double a, const double* x, double* y) {
  for (std::size_t i = 0; i < n; ++i) y[i] = y[i] + a * x[i];
}

POLYLOOP_FOR_EACH_CPU double multiply_add_doubles(std::size_t times) {
  return multiply_add<lanes, double>(times);
}

POLYLOOP_FOR_EACH_CPU double multiply_add_many_doubles(std::size_t times) {
  return multiply_add<wide_lanes, double>(times);
}

POLYLOOP_FOR_EACH_CPU double multiply_add_floats(std::size_t times) {
  return multiply_add<2 * lanes, float>(times);
}

POLYLOOP_FOR_EACH_CPU double multiply_add_many_floats(std::size_t times) {
  return multiply_add<2 * wide_lanes, float>(times);
}

}  // namespace polyloop::bench::roof
