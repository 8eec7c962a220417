#include "tables/memory.hpp"

#include <fmt/format.h>

#include <functional>
#include <limits>

#include "support/progress.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

constexpr double speed_bar = 0.97;
constexpr double giga = 1e9;

struct size {
  const char* name;
  index_t n;
};
constexpr size sizes[] = {{"1e7", 10'000'000}, {"1e8", 100'000'000}};

struct arrays {
  explicit arrays(index_t n) : x(filled(n, 1.0)), y(filled(n, 0.5)), z(filled(n, 0.0)) {}
  buffer x;
  buffer y;
  buffer z;
};

struct kernel {
  const char* name;
  double bytes;  // read or written for an element, without what the caches read before they write
  std::function<void(const loop_set&)> call;
};

std::vector<kernel> kernels_on(const arrays& on, index_t n) {
  const double* const x = on.x.get();
  double* const y = on.y.get();
  double* const z = on.z.get();
  return {{"saxpy", 24, [=](const loop_set& of) { of.saxpy(n, 1e-9, x, y); }},
          {"copy", 16, [=](const loop_set& of) { of.copy(n, x, z); }},
          {"triad", 24, [=](const loop_set& of) { of.triad(n, 3, x, y, z); }}};
}

void claim_speeds(const std::vector<variant>& variants, const std::vector<double>& seconds,
                  const std::string& what, claims& made) {
  for (std::size_t i = 0; i < variants.size(); ++i)
    if (variants[i].is_ours())
      made.push_back({fmt::format("memory: {}, {}: speed over the best of plain and raw loops", what,
                                  variants[i].backend),
                      best_rival(variants, seconds, variants[i]) / seconds[i], speed_bar, false});
}

std::vector<double> speeds(const std::vector<double>& seconds, double bytes) {
  std::vector<double> all;
  for (const double each : seconds) all.push_back(bytes / each / giga);
  return all;
}

}  // namespace

claims memory_table(const settings& how) {
  const std::vector<variant> variants = without_dynamic(all_variants(how.backend));
  const plan rounds{.most_rounds = how.quick ? 3 : 15, .least_rounds = 3, .budget_seconds = 20};
  grid shown("memory: GB/s", variants);
  claims made;
  {
    progress line(3 * static_cast<int>(std::size(sizes)));
    for (const size& each : sizes) {
      const arrays memory(each.n);
      for (const kernel& one : kernels_on(memory, each.n)) {
        const std::string what = fmt::format("{} {}", one.name, each.name);
        line.begin("memory: " + what);
        const std::vector<double> seconds = medians(measure_in_turn(subjects_of(variants, one.call), rounds));
        shown.add(what, cells(speeds(seconds, one.bytes * static_cast<double>(each.n)), 1));
        claim_speeds(variants, seconds, what, made);
      }
    }
  }
  shown.print();
  return made;
}

}  // namespace polyloop::bench::tables
