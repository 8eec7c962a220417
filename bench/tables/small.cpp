#include <fmt/format.h>

#include "support/progress.hpp"
#include "support/statistics.hpp"
#include "tables/memory.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

constexpr index_t sizes[] = {2, 10, 100, 1'000, 10'000};
constexpr double times_plain = 1.15;
constexpr double beyond_plain_ns = 3;
constexpr double ns = 1e9;

std::vector<samples> saxpy_times(const std::vector<variant>& variants, index_t n, bool quick) {
  const auto x = filled(n, 1.0);
  const auto y = filled(n, 0.5);
  const auto call = [n, in = x.get(), out = y.get()](const loop_set& of) { of.saxpy(n, 1e-9, in, out); };
  const plan how{.most_rounds = quick ? 5 : 21, .least_rounds = 5, .budget_seconds = 8};
  return measure_in_turn(subjects_of(variants, call), how);
}

/// Round by round, so that a change of the clock rate cancels out.
double beyond_plain(const samples& ours, const samples& plain) {
  std::vector<double> beyond;
  for (std::size_t i = 0; i < ours.size(); ++i) beyond.push_back((ours[i] - times_plain * plain[i]) * ns);
  return median(beyond);
}

std::vector<double> in_ns(std::vector<double> seconds) {
  for (double& each : seconds) each *= ns;
  return seconds;
}

}  // namespace

claims small_table(const settings& how) {
  const std::vector<variant> variants = all_variants(how.backend);
  grid shown("small: saxpy of n doubles, ns per call", variants);
  claims made;
  {
    progress line(static_cast<int>(std::size(sizes)));
    for (const index_t n : sizes) {
      line.begin(fmt::format("small: n={}", n));
      const std::vector<samples> times = saxpy_times(variants, n, how.quick);
      shown.add(fmt::format("n={}", n), cells(in_ns(medians(times)), 1));
      for (std::size_t i = 0; i < variants.size(); ++i)
        if (variants[i].is_ours())
          made.push_back(
              {fmt::format("small: saxpy n={}, {}: time beyond 1.15 x plain loop", n, variants[i].backend),
               beyond_plain(times[i], times[0]), beyond_plain_ns, true, "ns"});
    }
  }
  shown.print();
  return made;
}

}  // namespace polyloop::bench::tables
