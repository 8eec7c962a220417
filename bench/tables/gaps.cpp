// Loops that come back after a pause.
//
// The calling thread waits busily in every gap, also in the long ones: if it
// slept, its core would leave its clock rate and its caches, and all variants
// would be timed on a cold core. So a gap shows what the pause does to the
// workers, and nothing else.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <random>

#include "support/progress.hpp"
#include "support/quiet.hpp"
#include "support/statistics.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

using clock = std::chrono::steady_clock;

constexpr double bar = 0.95;
constexpr index_t iterations = 64;
constexpr double works_us[] = {0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 500, 10'000};

struct gap {
  const char* text;
  std::chrono::nanoseconds length;
  double block_seconds;  // of measured calls of one variant
};
constexpr gap gaps[] = {{"0", std::chrono::nanoseconds(0), 10e-3},
                        {"50 us", std::chrono::microseconds(50), 15e-3},
                        {"1 ms", std::chrono::milliseconds(1), 30e-3},
                        {"10 ms", std::chrono::milliseconds(10), 100e-3}};

constexpr double shortest_timed = 20e-6;  // without a gap, calls are timed together
constexpr int least_samples = 8;
constexpr int fewest_samples = 3;
constexpr int least_warm_up = 3;
constexpr double warm_up_share = 0.3;
constexpr double kept_share = 0.9;
constexpr double close_to_bar = 0.05;

struct cell {
  index_t units = 1;
  double work = 0;  // seconds
  gap pause = {};
};

double seconds_since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

double clock_seconds() {
  samples taken;
  for (int i = 0; i < 1'000; ++i) taken.push_back(seconds_since(clock::now()));
  return median(taken);
}

void wait_busily(std::chrono::nanoseconds length) {
  if (length.count() == 0) return;
  const auto end = clock::now() + length;
  while (clock::now() < end) {
  }
}

/// The mean without the dearest tenth: interrupts go, what a loop does now and
/// then by itself mostly stays.
double trimmed_mean(samples taken) {
  std::sort(taken.begin(), taken.end());
  taken.resize(
      std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(taken.size()) * kept_share)));
  return std::accumulate(taken.begin(), taken.end(), 0.0) / static_cast<double>(taken.size());
}

/// One block: calls of one variant after gaps, the first of them not counted.
/// It ends early where calls take much longer than their work: those of
/// libgomp may take milliseconds beside a busy process.
class block {
 public:
  block(const variant& one, const cell& at) : one_(one), at_(at) {}

  double seconds_per_call() {
    samples taken;
    one_.enter([&] {
      warm_up();
      const auto start = clock::now();
      for (int i = 0; i < count_ && !overdue(start, i); ++i) taken.push_back(sample());
    });
    static const double clock_cost = clock_seconds();
    return std::max(trimmed_mean(taken) - clock_cost, 1e-9) / together_;
  }

 private:
  void warm_up() {
    const double gap_seconds = std::chrono::duration<double>(at_.pause.length).count();
    double shortest = sample();
    const auto start = clock::now();
    const double planned = warm_up_share * at_.pause.block_seconds;
    for (int i = 1; i < least_warm_up || seconds_since(start) < planned; ++i)
      shortest = std::min(shortest, sample());
    if (gap_seconds == 0) together_ = std::max(1, static_cast<int>(shortest_timed / shortest));
    const double once = std::max(together_ * shortest, at_.work) + gap_seconds;
    count_ = std::max(least_samples, static_cast<int>(at_.pause.block_seconds / once));
  }

  bool overdue(clock::time_point start, int samples_taken) const {
    const double planned = at_.pause.block_seconds + least_samples * at_.work;
    return samples_taken >= fewest_samples && seconds_since(start) > 3 * planned;
  }

  double sample() const {
    wait_busily(at_.pause.length);
    const auto start = clock::now();
    for (int i = 0; i < together_; ++i) one_.loops->even(iterations, at_.units);
    return seconds_since(start);
  }

  const variant& one_;
  const cell& at_;
  int together_ = 1;
  int count_ = 1;
};

/// The blocks of all variants, in turn and in an order that is shuffled.
class cell_blocks {
 public:
  cell_blocks(const std::vector<variant>& variants, const cell& at)
      : variants_(variants), at_(at), taken_(variants.size()) {}

  void add(int rounds) {
    std::vector<std::size_t> order(variants_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (int round = 0; round < rounds; ++round) {
      std::shuffle(order.begin(), order.end(), random_);
      for (const std::size_t each : order) {
        wait_until_quiet();
        taken_[each].push_back(block(variants_[each], at_).seconds_per_call());
      }
    }
  }

  /// The shortest block of each: on a virtual machine a core may run at 0.6 of
  /// its speed for seconds, while somebody else uses the other half of it.
  std::vector<double> seconds() const {
    std::vector<double> least;
    for (const samples& each : taken_) least.push_back(*std::min_element(each.begin(), each.end()));
    return least;
  }

 private:
  const std::vector<variant>& variants_;
  const cell& at_;
  std::vector<samples> taken_;
  std::mt19937_64 random_{20101201};
};

double speed_over_best(const std::vector<variant>& variants, const std::vector<double>& seconds,
                       std::size_t our) {
  return best_rival(variants, seconds, variants[our]) / seconds[our];
}

/// Whether a variant of ours is so close to the bar that chance may decide.
bool undecided(const std::vector<variant>& variants, const std::vector<double>& seconds) {
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const double away = speed_over_best(variants, seconds, i) / bar - 1;
    if (variants[i].is_ours() && away > -2 * close_to_bar && away < close_to_bar) return true;
  }
  return false;
}

std::vector<double> measured(const std::vector<variant>& variants, const cell& at, bool quick) {
  cell_blocks blocks(variants, at);
  blocks.add(quick ? 3 : 5);
  if (!quick && undecided(variants, blocks.seconds())) blocks.add(6);
  return blocks.seconds();
}

std::vector<double> speed_ups(const std::vector<double>& seconds) {
  std::vector<double> all;
  for (const double each : seconds) all.push_back(seconds[0] / each);
  return all;
}

std::string work_text(double us) {
  return us < 1'000 ? fmt::format("{} us", us) : fmt::format("{} ms", us / 1e3);
}

void claim_cell(const std::vector<variant>& variants, const std::vector<double>& seconds,
                const std::string& where, claims& made) {
  for (std::size_t i = 0; i < variants.size(); ++i)
    if (variants[i].is_ours())
      made.push_back({fmt::format("gaps: {}, {}: speed over the best of plain and raw loops", where,
                                  variants[i].backend),
                      speed_over_best(variants, seconds, i), bar, false});
}

/// The units of work of each column, found once for all gaps.
std::vector<cell> calibrated_cells() {
  std::vector<cell> all;
  for (const double us : works_us) all.push_back({units_of_even(iterations, us * 1e-6), us * 1e-6});
  return all;
}

}  // namespace

claims gaps_table(const settings& how) {
  const std::vector<variant> variants = all_variants(how.backend);
  const std::string beside = how.busy ? ", beside a busy process" : "";
  std::vector<cell> work = calibrated_cells();
  claims made;
  for (const gap& pause : gaps) {
    if (!how.gaps.empty() && std::find(how.gaps.begin(), how.gaps.end(), pause.text) == how.gaps.end())
      continue;
    grid shown(fmt::format("gaps: speed-up of 64 iterations of w in all, {} after the one before{}",
                           pause.text, beside),
               variants);
    {
      progress line(static_cast<int>(work.size()));
      for (std::size_t i = 0; i < work.size(); ++i) {
        const std::string w = work_text(works_us[i]);
        line.begin(fmt::format("gaps: {} after {}", w, pause.text));
        work[i].pause = pause;
        const std::vector<double> seconds = measured(variants, work[i], how.quick);
        shown.add(w, cells(speed_ups(seconds), 2));
        claim_cell(variants, seconds, fmt::format("w = {} after {}{}", w, pause.text, beside), made);
      }
    }
    shown.print();
  }
  return made;
}

}  // namespace polyloop::bench::tables
