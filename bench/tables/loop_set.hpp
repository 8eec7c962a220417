#pragma once

#include <array>
#include <cstddef>

#include "polyloop/index.hpp"
#include "tables/work.hpp"

/// The measured loops, written once and made for each way to run a loop. Each
/// way is compiled in a file of its own with the same flags, so that no compiler
/// sees a loop and its measurement at once.
namespace polyloop::bench::tables {

enum class pattern : std::size_t { triangular_64, big_first, triangular_1e5, mandelbrot, spike, tiny };
inline constexpr std::size_t pattern_count = 6;

struct loop_set {
  void (*saxpy)(index_t n, double a, const double* x, double* y);
  void (*copy)(index_t n, const double* x, double* y);
  void (*triad)(index_t n, double a, const double* x, const double* y, double* z);
  /// n iterations of the same cost.
  void (*even)(index_t n, index_t units);
  std::array<void (*)(index_t mean), pattern_count> uneven;
  /// A loop in a loop; the iterations of the inner one cost one or two nanoseconds.
  void (*nested)(index_t outer, index_t inner);
  /// How many threads the loops of the calling thread take; nothing for ours, whose scope tells.
  void (*use_workers)(int workers);

  void (*of(pattern which) const)(index_t) { return uneven[static_cast<std::size_t>(which)]; }
};

extern const loop_set plain_loops;
extern const loop_set our_loops;
extern const loop_set tbb_auto_loops;
extern const loop_set tbb_static_loops;
extern const loop_set openmp_static_loops;
extern const loop_set openmp_dynamic_loops;

/// Way::loop(n, body) calls body(i) for i = 0 .. n - 1.
template <class Way>
struct made_by {
  static void saxpy(index_t n, double a, const double* x, double* y) {
    Way::loop(n, [=](index_t i) { y[i] = a * x[i] + y[i]; });
  }
  static void copy(index_t n, const double* x, double* y) {
    Way::loop(n, [=](index_t i) { y[i] = x[i]; });
  }
  static void triad(index_t n, double a, const double* x, const double* y, double* z) {
    Way::loop(n, [=](index_t i) { z[i] = x[i] + a * y[i]; });
  }
  static void even(index_t n, index_t units) {
    Way::loop(n, [=](index_t) { work(units); });
  }
  template <class Pattern>
  static void uneven(index_t mean) {
    const auto units = static_cast<double>(mean);
    Way::loop(Pattern::n, [=](index_t i) { Pattern::at(i, units); });
  }
  static void nested(index_t outer, index_t inner) {
    Way::loop(outer, [=](index_t) { Way::loop(inner, [](index_t i) { work_straight<4>(i); }); });
  }
};

template <class Way>
constexpr loop_set loops_by(void (*use_workers)(int)) {
  using made = made_by<Way>;
  return {made::saxpy,
          made::copy,
          made::triad,
          made::even,
          {made::template uneven<triangular_64>, made::template uneven<big_first>,
           made::template uneven<triangular_1e5>, made::template uneven<mandelbrot_rows>,
           made::template uneven<spike>, made::template uneven<tiny>},
          made::nested,
          use_workers};
}

}  // namespace polyloop::bench::tables
