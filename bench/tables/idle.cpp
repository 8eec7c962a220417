#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <thread>

#include "support/progress.hpp"
#include "support/statistics.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

constexpr double most_ms =
    1;  // the clock of CPU time ticks, and a thread that goes to sleep looks around first
constexpr index_t iterations = 64;
constexpr double loop_seconds = 200e-6;
constexpr int loops_before = 100;
constexpr std::chrono::seconds idle(1);
constexpr std::chrono::milliseconds until_others_sleep(200);
constexpr std::chrono::milliseconds on_the_way_to_sleep(5);

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

double cpu_ms() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return milliseconds(used.ru_utime) + milliseconds(used.ru_stime);
}

/// CPU time of all threads while this one sleeps for so long.
double burnt_ms(std::chrono::nanoseconds sleeping) {
  const double before = cpu_ms();
  std::this_thread::sleep_for(sleeping);
  return cpu_ms() - before;
}

/// CPU time in the second after loops of a variant: while our workers may stay
/// awake, and after that.
struct burnt {
  samples meanwhile;
  samples afterwards;

  void add(const variant& one, index_t units) {
    std::this_thread::sleep_for(until_others_sleep);
    one.enter([&] {
      for (int i = 0; i < loops_before; ++i) one.loops->even(iterations, units);
    });
    const std::chrono::nanoseconds awake = explain().spin + on_the_way_to_sleep;
    meanwhile.push_back(burnt_ms(awake));
    afterwards.push_back(burnt_ms(idle - awake));
  }
};

}  // namespace

claims idle_table(const settings& how) {
  const std::vector<variant> variants = all_variants(how.backend);
  const index_t units = units_of_even(iterations, loop_seconds);
  const int rounds = how.quick ? 1 : 3;
  std::vector<double> meanwhile;
  std::vector<double> afterwards;
  claims made;
  {
    progress line(static_cast<int>(variants.size()));
    for (const variant& each : variants) {
      line.begin("idle: " + each.name);
      burnt taken;
      for (int i = 0; i < rounds; ++i) taken.add(each, units);
      meanwhile.push_back(median(taken.meanwhile));
      afterwards.push_back(median(taken.afterwards));
    }
  }
  claim_ours(made, variants, afterwards, "idle: CPU time within a second of the last loop",
             "when workers have stayed awake as long as configured, ms", most_ms);
  const auto awake = std::chrono::duration_cast<std::chrono::milliseconds>(explain().spin);
  grid shown(fmt::format("idle: CPU time of the process in the second after its last loop, ms (workers of "
                         "ours stay awake for {} ms)",
                         awake.count()),
             variants);
  shown.add("meanwhile", cells(meanwhile, 2));
  shown.add("afterwards", cells(afterwards, 2));
  shown.print();
  return made;
}

}  // namespace polyloop::bench::tables
