#include <fmt/format.h>

#include "support/progress.hpp"
#include "support/statistics.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

constexpr double bar = 1.05;

struct shape {
  const char* text;
  index_t outer;
  index_t inner;
};
constexpr shape shapes[] = {
    {"8 x 1e6", 8, 1'000'000}, {"2 x 1e7", 2, 10'000'000}, {"1 x 1e7", 1, 10'000'000}};

std::vector<double> over_ideal(const std::vector<variant>& variants, const shape& one, bool quick) {
  const auto call = [one](const loop_set& of) { of.nested(one.outer, one.inner); };
  const plan how{.most_rounds = quick ? 5 : 21, .least_rounds = 5, .budget_seconds = 15};
  const std::vector<samples> taken = measure_in_turn(subjects_of(variants, call), how);
  std::vector<double> quotients;
  for (std::size_t i = 0; i < variants.size(); ++i)
    quotients.push_back(median(ratios(taken[i], taken[0])) * variants[i].workers);
  return quotients;
}

}  // namespace

claims nested_table(const settings& how) {
  const std::vector<variant> variants = without_dynamic(all_variants(how.backend));
  grid shown("nested: outer x inner iterations, time over plain loop / workers", variants);
  claims made;
  {
    progress line(static_cast<int>(std::size(shapes)));
    for (const shape& each : shapes) {
      line.begin(fmt::format("nested: {}", each.text));
      const std::vector<double> quotients = over_ideal(variants, each, how.quick);
      shown.add(each.text, cells(quotients, 2));
      for (std::size_t i = 0; i < variants.size(); ++i)
        if (variants[i].is_ours())
          made.push_back(
              {fmt::format("nested: {}, {}: time over plain loop / workers", each.text, variants[i].backend),
               quotients[i], bar});
    }
  }
  shown.print();
  return made;
}

}  // namespace polyloop::bench::tables
