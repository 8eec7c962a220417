#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <thread>

#include "support/progress.hpp"
#include "support/statistics.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

constexpr double most_ms = 20;
constexpr index_t iterations = 64;
constexpr double loop_seconds = 200e-6;
constexpr int loops_before = 100;
constexpr std::chrono::seconds idle(1);
constexpr std::chrono::milliseconds until_others_sleep(200);

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

double cpu_ms() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return milliseconds(used.ru_utime) + milliseconds(used.ru_stime);
}

/// CPU time of all threads while this one sleeps for a second after loops of the variant.
double burnt_ms(const variant& one, index_t units) {
  std::this_thread::sleep_for(until_others_sleep);
  one.enter([&] {
    for (int i = 0; i < loops_before; ++i) one.loops->even(iterations, units);
  });
  const double before = cpu_ms();
  std::this_thread::sleep_for(idle);
  return cpu_ms() - before;
}

}  // namespace

claims idle_table(const settings& how) {
  const std::vector<variant> variants = all_variants(how.backend);
  const index_t units = units_of_even(iterations, loop_seconds);
  const int rounds = how.quick ? 1 : 3;
  std::vector<double> burnt;
  claims made;
  {
    progress line(static_cast<int>(variants.size()));
    for (const variant& each : variants) {
      line.begin("idle: " + each.name);
      samples taken;
      for (int i = 0; i < rounds; ++i) taken.push_back(burnt_ms(each, units));
      burnt.push_back(median(taken));
      if (each.is_ours())
        made.push_back(
            {fmt::format("idle: CPU time in the second after the last loop, {} (bar: the configured time)",
                         each.backend),
             burnt.back(), most_ms, true, "ms"});
    }
  }
  grid shown("idle: CPU time of the process in the second after its last loop, ms", variants);
  shown.add("ms", cells(burnt, 2));
  shown.print();
  return made;
}

}  // namespace polyloop::bench::tables
