#include "suite/interval.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace polyloop::bench;

namespace {

/// Times as a machine gives them: most near one, some much longer.
class times {
 public:
  explicit times(std::uint64_t seed) : random_(seed) {}

  std::vector<double> taken(std::size_t count, double scale = 1) {
    std::vector<double> all(count);
    for (double& each : all) each = scale * one();
    return all;
  }

 private:
  double one() { return 1 + 0.02 * usual_(random_) + (rare_(random_) ? 3.0 : 0.0); }

  std::mt19937_64 random_;
  std::exponential_distribution<double> usual_{1};
  std::bernoulli_distribution rare_{0.05};
};

}  // namespace

TEST_CASE("the median deviation is the median of the distances from the median") {
  CHECK(median_deviation(std::vector{1.0, 2.0, 3.0, 4.0, 100.0}) == 1);
  CHECK(median_deviation(std::vector{5.0}) == 0);
}

TEST_CASE("what is far from the median is left out, on both sides") {
  const std::vector<double> values = {10, 11, 12, 13, 14, 1000, -1000};
  CHECK(without_outliers(values) == std::vector<double>{10, 11, 12, 13, 14});
  CHECK(summary_of(values).outliers == 2);
}

TEST_CASE("values of which most are equal are all kept") {
  const std::vector<double> values = {1, 1, 1, 1, 7};
  CHECK(without_outliers(values) == values);
}

TEST_CASE("an interval holds its median, repeats itself, and is a point for one value") {
  const std::vector<double> values = times(1).taken(25);
  const interval once = median_interval(values, 0.95);
  const interval again = median_interval(values, 0.95);
  CHECK(once.low <= once.middle);
  CHECK(once.middle <= once.high);
  CHECK(once.low == again.low);
  CHECK(once.high == again.high);
  const interval one = median_interval(std::vector{2.5}, 0.95);
  CHECK((one.low == 2.5 && one.middle == 2.5 && one.high == 2.5));
}

TEST_CASE("more confidence needs a wider interval, more values give a narrower one") {
  const std::vector<double> many = times(2).taken(400);
  const std::vector<double> few(many.begin(), many.begin() + 20);
  const auto width = [](const interval& of) { return of.high - of.low; };
  CHECK(width(median_interval(few, 0.95)) < width(median_interval(few, 0.99)));
  CHECK(width(median_interval(many, 0.95)) < width(median_interval(few, 0.95)));
}

TEST_CASE("the interval of a median holds the true one about as often as it says") {
  const double truth = 1 + 0.02 * std::log(2);  // the median of an exponential distribution
  constexpr int trials = 300;
  int held = 0;
  for (int trial = 0; trial < trials; ++trial) {
    // Without the long ones, whose share would move the true median.
    std::mt19937_64 random(static_cast<std::uint64_t>(trial));
    std::exponential_distribution<double> usual(1);
    std::vector<double> values(25);
    for (double& each : values) each = 1 + 0.02 * usual(random);
    held += median_interval(values, 0.95).contains(truth);
  }
  CHECK(held > 0.90 * trials);
  CHECK(held < trials);
}

TEST_CASE("a comparison of equals holds 1 nearly always, paired and not") {
  constexpr int trials = 200;
  int paired = 0;
  int unpaired = 0;
  for (int trial = 0; trial < trials; ++trial) {
    times machine(static_cast<std::uint64_t>(trial) + 1000);
    const std::vector<double> a = machine.taken(25);
    const std::vector<double> b = machine.taken(25);
    paired += paired_ratio(a, b).contains(1);
    unpaired += unpaired_ratio(a, b).contains(1);
  }
  CHECK(paired >= 0.97 * trials);
  CHECK(unpaired >= 0.97 * trials);
}

TEST_CASE("what slows down a whole round cancels out in a pair") {
  times machine(3);
  std::vector<double> a = machine.taken(25, 1.05);
  std::vector<double> b = machine.taken(25);
  for (std::size_t round = 0; round < a.size(); ++round) {
    const double slow = round % 3 == 0 ? 2.0 : 1.0;
    a[round] *= slow;
    b[round] *= slow;
  }
  const interval ratio = paired_ratio(a, b);
  CHECK(ratio.low > 1.0);
  CHECK(ratio.middle == doctest::Approx(1.05).epsilon(0.02));
}

TEST_CASE("a difference of five percent is seen in nearly all of 100 trials") {
  int seen = 0;
  for (int trial = 0; trial < 100; ++trial) {
    times machine(static_cast<std::uint64_t>(trial) + 5000);
    seen += unpaired_ratio(machine.taken(25, 1.05), machine.taken(25)).low > 1;
  }
  CHECK(seen >= 95);
}
