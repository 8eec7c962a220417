#include <fmt/format.h>

#include <barrier>
#include <functional>
#include <thread>

#include "support/progress.hpp"
#include "support/statistics.hpp"
#include "tables/crew.hpp"
#include "tables/tables.hpp"
#include "tables/thread_count.hpp"

namespace polyloop::bench::tables {

namespace {

constexpr index_t iterations = 64;

struct loop_length {
  const char* text;
  double seconds;
  double bar;
};
constexpr loop_length lengths[] = {{"20 us", 20e-6, 1.25}, {"1 ms", 1e-3, 1.05}, {"10 ms", 10e-3, 1.03}};

/// All callers make the calls at once.
subject all_at_once(crew& callers, const variant& one, index_t units) {
  const auto run = [&callers, one, units](std::int64_t repeats) {
    callers.run([&one, units, repeats] {
      one.enter([&] {
        for (std::int64_t i = 0; i < repeats; ++i) one.loops->even(iterations, units);
      });
    });
  };
  return {run, caller_count * one.workers};
}

/// Time over that of all the callers' plain loops shared by all workers. The
/// last subject is the plain loop of one caller alone: the ideal.
std::vector<double> over_ideal(const std::vector<variant>& variants, const loop_length& one, bool quick) {
  const index_t units = units_of_even(iterations, one.seconds);
  crew callers;
  std::vector<subject> all;
  int workers = 1;
  for (const variant& each : variants) {
    all.push_back(all_at_once(callers, each, units));
    workers = std::max(workers, each.workers);
  }
  all.push_back(subject_of(variants[0], [units](const loop_set& of) { of.even(iterations, units); }));
  const plan how{.most_rounds = quick ? 3 : 11,
                 .least_rounds = 3,
                 .sample_seconds = quick ? 40e-3 : 100e-3,
                 .budget_seconds = 30};
  const std::vector<samples> taken = measure_in_turn(all, how);
  std::vector<double> quotients;
  for (std::size_t i = 0; i < variants.size(); ++i)
    quotients.push_back(median(ratios(taken[i], taken.back())) * workers / caller_count);
  return quotients;
}

/// A serial loop has no workers to share: its callers are the workers.
bool is_claimed(const variant& one) {
  return one.is_ours() && one.workers > 1;
}

void claim_times(const std::vector<variant>& variants, const std::vector<double>& quotients,
                 const loop_length& one, claims& made) {
  for (std::size_t i = 0; i < variants.size(); ++i)
    if (is_claimed(variants[i]))
      made.push_back({fmt::format("callers: four loop at once for {}, {}: time over ideal", one.text,
                                  variants[i].backend),
                      quotients[i], one.bar});
}

void add_threads(const std::vector<variant>& variants, grid& shown, claims& made) {
  std::vector<double> counts;
  for (const variant& each : variants) {
    counts.push_back(counted_threads(each.name));
    if (is_claimed(each))
      made.push_back({fmt::format("callers: four loop at once, {}: threads of the process, for a bar of "
                                  "workers + callers",
                                  each.backend),
                      counts.back(), static_cast<double>(each.workers + caller_count), true, "threads"});
  }
  shown.add("threads", cells(counts, 0));
}

}  // namespace

claims callers_table(const settings& how) {
  const std::vector<variant> variants = all_variants(how.backend);
  grid shown("callers: four threads loop at once, time over ideal", variants);
  claims made;
  {
    progress line(static_cast<int>(std::size(lengths)));
    for (const loop_length& each : lengths) {
      line.begin(fmt::format("callers: loops of {}", each.text));
      const std::vector<double> quotients = over_ideal(variants, each, how.quick);
      shown.add(each.text, cells(quotients, 2));
      claim_times(variants, quotients, each, made);
    }
  }
  add_threads(variants, shown, made);
  shown.print();
  return made;
}

}  // namespace polyloop::bench::tables
