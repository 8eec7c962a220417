#include <fmt/format.h>

#include "support/progress.hpp"
#include "support/statistics.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

struct load {
  pattern which;
  const char* head;
  const char* text;
  double seconds;  // of the plain loop; 0 where its work is fixed
  double bar;
};
constexpr load loads[] = {
    {pattern::triangular_64, "tri 64", "triangular, 64 iterations", 20e-3, 1.05},
    {pattern::big_first, "big first", "1000 iterations, big first", 20e-3, 1.05},
    {pattern::triangular_1e5, "tri 1e5", "triangular, 1e5 iterations", 20e-3, 1.05},
    {pattern::mandelbrot, "Mandelbrot", "Mandelbrot rows", 20e-3, 1.05},
    {pattern::spike, "spike", "a heavy iteration in 1000 light ones", 20e-3, 1.08},
    {pattern::tiny, "tiny", "1e5 iterations of 4 ns", 0, 1.05},
};

/// Time over that of the plain loop shared by all workers, round by round.
std::vector<double> over_ideal(const std::vector<variant>& variants, const load& one, bool quick) {
  const index_t mean = one.seconds == 0 ? 0 : calibrated(plain_loops.of(one.which), one.seconds);
  const auto call = [mean, which = one.which](const loop_set& of) { of.of(which)(mean); };
  const plan how{.most_rounds = quick ? 5 : 21, .least_rounds = 5, .budget_seconds = 15};
  const std::vector<samples> taken = measure_in_turn(subjects_of(variants, call), how);
  std::vector<double> quotients;
  for (std::size_t i = 0; i < variants.size(); ++i)
    quotients.push_back(median(ratios(taken[i], taken[0])) * variants[i].workers);
  return quotients;
}

}  // namespace

claims imbalance_table(const settings& how) {
  const std::vector<variant> variants = all_variants(how.backend);
  grid shown("imbalance: time over plain loop / workers (spike: at best 1.17 in order)", variants);
  claims made;
  {
    progress line(static_cast<int>(std::size(loads)));
    for (const load& each : loads) {
      line.begin(fmt::format("imbalance: {}", each.text));
      const std::vector<double> quotients = over_ideal(variants, each, how.quick);
      shown.add(each.head, cells(quotients, 2));
      for (std::size_t i = 0; i < variants.size(); ++i)
        if (variants[i].is_ours())
          made.push_back({fmt::format("imbalance: {}, {}: time over plain loop / workers", each.text,
                                      variants[i].backend),
                          quotients[i], each.bar});
    }
  }
  shown.print();
  return made;
}

}  // namespace polyloop::bench::tables
