#include <fmt/format.h>

#include "support/progress.hpp"
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

}  // namespace

claims nested_table(const settings& how) {
  const std::vector<variant> variants = without_dynamic(all_variants(how.backend));
  grid shown("nested: outer x inner iterations, time over plain loop / workers", variants);
  claims made;
  {
    progress line(static_cast<int>(std::size(shapes)));
    for (const shape& each : shapes) {
      line.begin(fmt::format("nested: {}", each.text));
      const std::vector<double> quotients =
          over_ideal(variants, how.quick, [each](const loop_set& of) { of.nested(each.outer, each.inner); });
      shown.add(each.text, cells(quotients, 2));
      claim_ours(made, variants, quotients, fmt::format("nested: {}", each.text),
                 "time over plain loop / workers", bar);
    }
  }
  shown.print();
  return made;
}

}  // namespace polyloop::bench::tables
