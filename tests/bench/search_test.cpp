#include "suite/search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

using namespace polyloop::bench;

namespace {

/// A machine that takes times known to us and disturbs them: noise, a slow
/// drift, and now and then an interrupt.
class machine {
 public:
  machine(std::vector<double> times, double noise, std::uint64_t seed)
      : times_(std::move(times)), noise_(noise), random_(seed) {
    std::shuffle(times_.begin(), times_.end(), random_);
  }

  double measure(std::size_t which) {
    ++measured_;
    drift_ += 0.003 * normal_(random_);
    const double interrupt = any_(random_) < 0.05 ? 1 + 2 * any_(random_) : 1;
    const double seconds = times_[which] * std::exp(drift_ + noise_ * normal_(random_)) * interrupt;
    spent_ += seconds;
    return seconds;
  }
  finding searched(const search_plan& how = {}) {
    return search(
        times_.size(), [this](std::size_t which) { return measure(which); }, how);
  }

  double over_best(std::size_t which) const { return times_[which] / *std::ranges::min_element(times_); }
  double spent() const { return spent_; }
  int measured() const { return measured_; }
  /// What it takes to measure each candidate so often.
  double exhaustive(int samples) const {
    return samples * std::accumulate(times_.begin(), times_.end(), 0.0);
  }

 private:
  std::vector<double> times_;
  double noise_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> any_;
  double drift_ = 0;
  double spent_ = 0;
  int measured_ = 0;
};

std::vector<double> evenly(int count, double first, double step) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) times.push_back(first + step * i);
  return times;
}

std::vector<double> one_better(int count, double by) {
  std::vector<double> times(static_cast<std::size_t>(count), 1.0);
  times.back() = 1 / (1 + by);
  return times;
}

struct tally {
  int trials = 0;
  int right = 0;
  int sure = 0;
  int sure_and_right = 0;
  double spent = 0;
  double exhaustive = 0;
};

tally tallied(const std::vector<double>& times, double noise) {
  tally all;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    machine simulated(times, noise, seed);
    const finding found = simulated.searched();
    const bool right = simulated.over_best(found.best) <= 1.05;
    ++all.trials;
    all.right += right;
    all.sure += found.confidence >= 0.95;
    all.sure_and_right += found.confidence >= 0.95 && right;
    all.spent += simulated.spent();
    all.exhaustive += simulated.exhaustive(25);
  }
  return all;
}

}  // namespace

TEST_CASE("search: finds the best of many, in a fifth of the time of measuring all of them as often") {
  struct scene {
    const char* what;
    std::vector<double> times;
    double noise;
    int least_right;
  };
  for (const scene& each : {scene{"near to each other", evenly(77, 1, 0.02), 0.01, 40},
                            scene{"and with more noise", evenly(77, 1, 0.02), 0.03, 39},
                            scene{"all equal", evenly(77, 1, 0), 0.03, 40},
                            scene{"one better than all others", one_better(77, 0.1), 0.02, 38},
                            scene{"some very slow", evenly(20, 1, 0.9), 0.03, 40}}) {
    INFO(each.what);
    const tally all = tallied(each.times, each.noise);
    CHECK(all.right >= each.least_right);
    CHECK(all.sure_and_right >= all.sure - 2);
    CHECK(all.spent <= all.exhaustive / 5);
  }
}

TEST_CASE("search: says that it is not sure where noise hides the differences") {
  machine quiet(one_better(40, 0.2), 0.001, 7);
  CHECK(quiet.searched().confidence > 0.99);
  double least = 1;
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    least = std::min(least, machine(evenly(40, 1, 0.01), 0.3, seed).searched().confidence);
  CHECK(least < 0.9);
}

TEST_CASE("search: ends early where everything is decided, and measures nobody more often than told") {
  machine clear({1, 3, 3, 3}, 0.001, 1);
  CHECK(clear.over_best(clear.searched().best) == 1);
  CHECK(clear.measured() == 2 * 4 + 6);
  machine noisy(evenly(77, 1, 0), 0.05, 2);
  const finding found = noisy.searched({.within = 0.001, .most_rounds = 16});
  for (const samples& each : found.taken) CHECK(each.size() <= 16);
  CHECK(found.taken[found.best].size() == 16);
}

TEST_CASE("search: the first ones stay as long as they are told to") {
  const auto measure = [](std::size_t which) { return which < 2 ? 5.0 : which == 7 ? 1.0 : 2.0; };
  const finding found = search(10, measure, {.kept = 2});
  CHECK(found.best == 7);
  CHECK(found.taken[0].size() == found.taken[7].size());
  CHECK(found.taken[1].size() == found.taken[7].size());
  CHECK(found.taken[2].size() == 2);
}

TEST_CASE("search: the same measurements give the same finding") {
  machine one(evenly(30, 1, 0.01), 0.02, 3);
  machine same(evenly(30, 1, 0.01), 0.02, 3);
  const finding first = one.searched();
  const finding second = same.searched();
  CHECK(first.best == second.best);
  CHECK(first.confidence == second.confidence);
  CHECK(first.taken == second.taken);
}

TEST_CASE("search: a machine that becomes slower misleads nobody") {
  int round = 0;
  const auto slower = [&round](std::size_t which) {
    return (which == 5 ? 1.0 : 1.2) * (1 + 0.1 * (round++ / 10));
  };
  CHECK(search(10, slower).best == 5);
}

TEST_CASE("search: one candidate is the best") {
  const finding found = search(1, [](std::size_t) { return 1.0; });
  CHECK(found.best == 0);
  CHECK(found.confidence == 1);
}
