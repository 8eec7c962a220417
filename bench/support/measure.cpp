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

sampler::sampler(std::span<const subject> subjects, double sample_seconds)
    : subjects_(subjects),
      sample_seconds_(sample_seconds),
      repeats_(subjects.size(), 0),
      last_(subjects.size(), 0) {}

double sampler::take(std::size_t which) {
  if (awake_ > 1) wait_until_quiet();
  awake_ = subjects_[which].workers;
  prepare(which);
  last_[which] = seconds_of(subjects_[which], repeats_[which]);
  return last_[which];
}

void sampler::prepare(std::size_t which) {
  if (last_[which] > very_long_call_seconds) return;
  const subject& what = subjects_[which];
  const double once = warm_up(what);
  if (repeats_[which] == 0) repeats_[which] = repeats_that_last(what, once, sample_seconds_);
}

std::vector<samples> measure_in_turn(std::span<const subject> subjects, const plan& how) {
  std::vector<samples> taken(subjects.size());
  std::vector<std::size_t> order(subjects.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random{20101201};
  sampler timer(subjects, how.sample_seconds);
  const auto start = clock::now();
  for (int round = 0; round < how.most_rounds; ++round) {
    if (round >= how.least_rounds && seconds_since(start) > how.budget_seconds) break;
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t each : order) taken[each].push_back(timer.take(each));
  }
  return taken;
}

}  // namespace polyloop::bench
