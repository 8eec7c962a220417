#include <fmt/format.h>

#include "support/progress.hpp"
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

std::vector<double> over_ideal(const std::vector<variant>& variants, const load& one, bool quick) {
  const index_t mean = one.seconds == 0 ? 0 : calibrated(plain_loops.of(one.which), one.seconds);
  return over_ideal(variants, quick, [mean, which = one.which](const loop_set& of) { of.of(which)(mean); });
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
      claim_ours(made, variants, quotients, fmt::format("imbalance: {}", each.text),
                 "time over plain loop / workers", each.bar);
    }
  }
  shown.print();
  return made;
}

}  // namespace polyloop::bench::tables
