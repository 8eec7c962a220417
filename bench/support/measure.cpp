#include "support/measure.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <numeric>
#include <random>

#include "support/quiet.hpp"

namespace polyloop::bench {

namespace {

using clock = std::chrono::steady_clock;

constexpr double warm_up_seconds = 2e-3;
constexpr int warm_up_calls = 3;
constexpr int calibration_calls = 3;
constexpr double long_call_seconds = 10e-3;        // of such calls two are enough to warm up
constexpr double very_long_call_seconds = 100e-3;  // and beside such a one, waking the workers is nothing

double seconds_since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

double shortest_sample(const subject& what, std::int64_t repeats) {
  double shortest = std::numeric_limits<double>::infinity();
  for (int taken = 0; taken < calibration_calls; ++taken)
    shortest = std::min(shortest, seconds_of(what, repeats));
  return shortest * static_cast<double>(repeats);
}

}  // namespace

double seconds_of(const subject& what, std::int64_t repeats) {
  const auto start = clock::now();
  what.run(repeats);
  return seconds_since(start) / static_cast<double>(repeats);
}

double warm_up(const subject& what) {
  double spent = 0;
  double shortest = std::numeric_limits<double>::infinity();
  for (int calls = 0; calls < warm_up_calls || spent < warm_up_seconds; ++calls) {
    const double once = seconds_of(what, 1);
    shortest = std::min(shortest, once);
    spent += once;
    if (calls > 0 && shortest > long_call_seconds) break;
  }
  return shortest;
}

// Believes in no time but the shortest of several: after a sample that another
// process prolonged, all later ones would be too short, and show the time of the clock.
std::int64_t repeats_that_last(const subject& what, double once, double seconds) {
  std::int64_t repeats = 1;
  double shortest = once;
  while (shortest < seconds) {
    // In steps: the first calls, with cold caches and sleeping workers, promise too little.
    const double factor = std::clamp(1.1 * seconds / std::max(shortest, 1e-9), 1.5, 10.0);
    repeats = static_cast<std::int64_t>(static_cast<double>(repeats) * factor) + 1;
    shortest = shortest_sample(what, repeats);
  }
  return repeats;
}

namespace {

class turns {
 public:
  turns(std::span<const subject> subjects, const plan& how)
      : subjects_(subjects), how_(how), repeats_(subjects.size(), 0), taken_(subjects.size()) {}

  std::vector<samples> all() {
    std::vector<std::size_t> order(subjects_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto start = clock::now();
    for (int round = 0; round < how_.most_rounds; ++round) {
      if (round >= how_.least_rounds && seconds_since(start) > how_.budget_seconds) break;
      std::shuffle(order.begin(), order.end(), random_);
      for (const std::size_t each : order) take(each);
    }
    return std::move(taken_);
  }

 private:
  void take(std::size_t which) {
    const subject& what = subjects_[which];
    samples& taken = taken_[which];
    if (awake_ > 1) wait_until_quiet();
    awake_ = what.workers;
    prepare(which);
    taken.push_back(seconds_of(what, repeats_[which]));
  }

  void prepare(std::size_t which) {
    const subject& what = subjects_[which];
    const bool woken_in_no_time = !taken_[which].empty() && taken_[which].back() > very_long_call_seconds;
    if (woken_in_no_time) return;
    const double once = warm_up(what);
    if (repeats_[which] == 0) repeats_[which] = repeats_that_last(what, once, how_.sample_seconds);
  }

  std::span<const subject> subjects_;
  const plan& how_;
  std::vector<std::int64_t> repeats_;
  std::vector<samples> taken_;
  std::mt19937_64 random_{20101201};
  int awake_ = 2;  // nothing is known of what ran before
};

}  // namespace

std::vector<samples> measure_in_turn(std::span<const subject> subjects, const plan& how) {
  return turns(subjects, how).all();
}

}  // namespace polyloop::bench
