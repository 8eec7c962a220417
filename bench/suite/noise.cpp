#include "suite/noise.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <sstream>

#include "support/keep.hpp"

namespace polyloop::bench {

namespace {

constexpr double much_stolen = 0.01;
constexpr double much_used = 0.05;
constexpr double much_drift = 0.03;

cpu_times now() {
  std::ifstream file("/proc/stat");
  std::string line;
  std::getline(file, line);
  return parse_cpu_times(line);
}

/// CPU time of this process in clock ticks.
double own_ticks() {
  rusage used = {};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return (seconds(used.ru_utime) + seconds(used.ru_stime)) * static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// A chain of multiplications: no memory, one thread, so that only the clock rate
/// and the loss of the CPU change its time. The fastest of several, as an
/// interrupt is not what is looked for.
double seconds_of_same_work() {
  constexpr int times = 5;
  constexpr std::int64_t steps = 4'000'000;
  double shortest = 1e9;
  for (int i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t x = 1;
    for (std::int64_t step = 0; step < steps; ++step) x = x * 6364136223846793005U + 1442695040888963407U;
    keep(x);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    shortest = std::min(shortest, spent.count());
  }
  return shortest;
}

double drift_of(const noise& seen) {
  if (seen.same_work.empty()) return 0;
  const auto [least, most] = std::ranges::minmax(seen.same_work);
  return most / least - 1;
}

}  // namespace

cpu_times parse_cpu_times(const std::string& line) {
  std::istringstream words(line);
  std::string cpu;
  double user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, soft = 0, stolen = 0;
  words >> cpu >> user >> nice >> system >> idle >> waiting >> interrupts >> soft >> stolen;
  if (!words || cpu != "cpu") return {};
  return {user + nice + system + interrupts + soft, idle + waiting, stolen};
}

std::vector<warning> warnings_of(const noise& seen) {
  std::vector<warning> all;
  if (seen.stolen > much_stolen)
    all.push_back(
        {fmt::format("the hypervisor took {:.1f} % of the CPU time", 100 * seen.stolen),
         "times are longer by about as much and their intervals wider; loops on all workers wait for "
         "the one that was stopped; trust ratios of the same round more than times"});
  if (seen.others > much_used)
    all.push_back({fmt::format("other processes used {:.0f} % of the CPU time", 100 * seen.others),
                   "runs on all workers suffer most, so speed-ups read too low; the differences between the "
                   "backends may be those in their patience with a busy machine"});
  if (const double drift = drift_of(seen); drift > much_drift)
    all.push_back(
        {fmt::format("the same work took up to {:.1f} % longer at one time of the run than at another",
                     100 * drift),
         "times of different kernels, and of other runs (--baseline), differ by as much without a "
         "cause in the code; ratios of the same round do not"});
  return all;
}

noise_watch::noise_watch() : begin_(now()), own_begin_(own_ticks()) {
  look();
}

void noise_watch::look() {
  same_work_.push_back(seconds_of_same_work());
}

noise noise_watch::seen() const {
  const cpu_times end = now();
  const double stolen = end.stolen - begin_.stolen;
  const double busy = end.busy - begin_.busy;
  const double all = busy + stolen + end.idle - begin_.idle;
  noise made{.same_work = same_work_};
  if (all <= 0) return made;
  made.stolen = stolen / all;
  made.others = std::max(0.0, busy - (own_ticks() - own_begin_)) / all;
  return made;
}

}  // namespace polyloop::bench
