#include "report/scaling.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <random>

using namespace polyloop::bench;

namespace {

constexpr double width = 0.02;

observation seen(int workers, double speed_up) {
  return {workers, {speed_up, speed_up * (1 - width), speed_up * (1 + width)}};
}

/// What would be measured where the law holds exactly.
std::vector<observation> curve_of(const scaling_law& law, std::initializer_list<int> workers) {
  std::vector<observation> all;
  for (const int each : workers) all.push_back(seen(each, law.speed_up(each)));
  return all;
}

void check_same(const scaling_law& fitted, const scaling_law& law) {
  CHECK(fitted.start == doctest::Approx(law.start));
  CHECK(fitted.contention == doctest::Approx(law.contention).epsilon(1e-6));
  CHECK(fitted.coherency == doctest::Approx(law.coherency).epsilon(1e-6));
}

const extrapolation::point& at(const extrapolation& from, int workers) {
  return *std::find_if(from.curve.begin(), from.curve.end(),
                       [workers](const auto& each) { return each.workers == workers; });
}

}  // namespace

TEST_CASE("scaling: the laws at known points") {
  CHECK(scaling_law{}.speed_up(64) == doctest::Approx(64));
  CHECK(scaling_law{.contention = 0.05}.speed_up(20) == doctest::Approx(1 / (0.05 + 0.95 / 20)));
  CHECK(scaling_law{.contention = 0.05}.speed_up(1e9) == doctest::Approx(20));
  // The peak of the universal law lies at sqrt((1 - contention) / coherency).
  const scaling_law law{.contention = 0.02, .coherency = 0.0005};
  const double peak = std::sqrt(0.98 / 0.0005);
  CHECK(law.speed_up(peak) > law.speed_up(peak * 0.9));
  CHECK(law.speed_up(peak) > law.speed_up(peak * 1.1));
}

TEST_CASE("scaling: a fit finds the law again") {
  const scaling_law amdahl{.start = 0.97, .contention = 0.08};
  check_same(fit(curve_of(amdahl, {1, 2}), law_kind::amdahl), amdahl);
  check_same(fit(curve_of(amdahl, {1, 2, 4, 8}), law_kind::amdahl), amdahl);
  check_same(fit(curve_of(amdahl, {1, 2, 4, 8}), law_kind::universal), amdahl);
  const scaling_law universal{.start = 1.05, .contention = 0.03, .coherency = 0.0002};
  check_same(fit(curve_of(universal, {1, 2, 4}), law_kind::universal), universal);
  check_same(fit(curve_of(universal, {1, 2, 4, 8, 16, 32}), law_kind::universal), universal);
}

TEST_CASE("scaling: no parameter leaves its range") {
  const std::vector<observation> more_than_linear = {seen(1, 1), seen(2, 2.3), seen(4, 5)};
  for (const law_kind kind : {law_kind::amdahl, law_kind::universal}) {
    const scaling_law law = fit(more_than_linear, kind);
    CHECK(law.contention == 0);
    CHECK(law.coherency == 0);
  }
  const std::vector<observation> slower = {seen(1, 1), seen(2, 0.4), seen(4, 0.2)};
  CHECK(fit(slower, law_kind::amdahl).contention == 1);
  const scaling_law both = fit(slower, law_kind::universal);
  CHECK(both.contention <= 1);
  CHECK(both.coherency > 0);
}

TEST_CASE("scaling: no law where it is not determined") {
  CHECK_FALSE(extrapolate({}, law_kind::amdahl));
  const std::vector<observation> alone = {seen(1, 1)};
  CHECK_FALSE(extrapolate(alone, law_kind::amdahl));
  const std::vector<observation> two = {seen(1, 1), seen(2, 1.9), seen(2, 1.8)};
  CHECK(extrapolate(two, law_kind::amdahl));
  CHECK_FALSE(extrapolate(two, law_kind::universal));
  const std::vector<observation> three = {seen(1, 1), seen(2, 1.9), seen(4, 3.5)};
  CHECK(extrapolate(three, law_kind::universal));
}

TEST_CASE("scaling: the interval holds the law in about 95 of 100 measurements") {
  const scaling_law law{.contention = 0.1};
  std::mt19937_64 random(5);
  std::normal_distribution<double> noise(0, std::log((1 + width) / (1 - width)) / 2 / 1.96);
  constexpr int trials = 200;
  int held = 0;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<observation> measured = {{1, {1, 1, 1}}};
    for (const int workers : {2, 4})
      measured.push_back(seen(workers, law.speed_up(workers) * std::exp(noise(random))));
    const estimate found = extrapolate(measured, law_kind::amdahl)->contention;
    if (found.low <= law.contention && law.contention <= found.high) ++held;
  }
  CHECK(held >= trials * 90 / 100);
  CHECK(held <= trials * 99 / 100);
}

TEST_CASE("scaling: the farther, the less is known; without spread, all is") {
  const scaling_law law{.contention = 0.05};
  const std::vector<observation> measured = curve_of(law, {1, 2});
  const extrapolation far = *extrapolate(measured, law_kind::amdahl);
  const auto relative_width = [&](int workers) {
    const estimate& speed_up = at(far, workers).speed_up;
    return (speed_up.high - speed_up.low) / speed_up.middle;
  };
  CHECK(far.curve.front().workers == 1);
  CHECK(far.curve.back().workers == 64);
  CHECK(relative_width(2) < relative_width(8));
  CHECK(relative_width(8) < relative_width(64));
  CHECK(at(far, 64).speed_up.middle == doctest::Approx(law.speed_up(64)));

  std::vector<observation> exact = measured;
  for (observation& each : exact) each.speed_up.low = each.speed_up.high = each.speed_up.middle;
  const extrapolation sure = *extrapolate(exact, law_kind::amdahl);
  CHECK(sure.contention.low == doctest::Approx(sure.contention.high));
}
