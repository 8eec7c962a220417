#include "report/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>
#include <set>

#include "support/statistics.hpp"

namespace polyloop::bench {

namespace {

constexpr int draws = 1000;
constexpr int curve_workers[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};

double start_of(std::span<const observation> seen) {
  const auto alone =
      std::find_if(seen.begin(), seen.end(), [](const observation& each) { return each.workers == 1; });
  return alone == seen.end() ? 1 : alone->speed_up.middle;
}

/// The normal equations of  1 - C/p = contention C (p - 1)/p + coherency C (p - 1),
/// where C is the speed-up over one worker: the law, times C/p, so that all
/// measurements count by their relative error.
struct normal_equations {
  double aa = 0, ab = 0, bb = 0, ay = 0, by = 0;

  void add(double workers, double gain) {
    const double b = gain * (workers - 1);
    const double a = b / workers;
    const double y = 1 - gain / workers;
    aa += a * a, ab += a * b, bb += b * b, ay += a * y, by += b * y;
  }

  double contention_alone() const { return aa > 0 ? std::clamp(ay / aa, 0.0, 1.0) : 0; }
  double coherency_beside(double contention) const {
    return bb > 0 ? std::max(0.0, (by - ab * contention) / bb) : 0;
  }
};

/// The least-squares solution within contention 0..1 and coherency >= 0: where
/// the free one lies outside, the best lies on the edge that it has crossed.
void solve_both(const normal_equations& sums, scaling_law& law) {
  const double determinant = sums.aa * sums.bb - sums.ab * sums.ab;
  const double coherency = determinant > 0 ? (sums.aa * sums.by - sums.ab * sums.ay) / determinant : 0;
  if (coherency <= 0) {
    law.contention = sums.contention_alone();
    return;
  }
  law.contention = std::clamp((sums.bb * sums.ay - sums.ab * sums.by) / determinant, 0.0, 1.0);
  law.coherency = sums.coherency_beside(law.contention);
}

std::size_t parameters(law_kind kind) {
  return kind == law_kind::amdahl ? 1 : 2;
}

bool is_determined(std::span<const observation> seen, law_kind kind) {
  std::set<int> above_one;
  for (const observation& each : seen)
    if (each.workers > 1) above_one.insert(each.workers);
  return above_one.size() >= parameters(kind);
}

/// How many standard deviations to either side hold this share of a normal distribution.
double deviations_that_hold(double share) {
  double low = 0;
  double high = 10;
  for (int step = 0; step < 50; ++step) {
    const double middle = (low + high) / 2;
    (std::erf(middle / std::numbers::sqrt2) < share ? low : high) = middle;
  }
  return low;
}

observation drawn(const observation& from, double deviations, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  const double width = std::log(from.speed_up.high / from.speed_up.low) / 2 / deviations;
  const double value = from.speed_up.middle * std::exp(normal(random) * width);
  return {from.workers, {value, value, value}};
}

std::vector<scaling_law> drawn_laws(std::span<const observation> seen, law_kind kind, double confidence) {
  const double deviations = deviations_that_hold(confidence);
  std::mt19937_64 random(19670418);
  std::vector<scaling_law> laws(draws);
  std::vector<observation> again(seen.size());
  for (scaling_law& law : laws) {
    std::transform(seen.begin(), seen.end(), again.begin(),
                   [&](const observation& each) { return drawn(each, deviations, random); });
    law = fit(again, kind);
  }
  return laws;
}

template <class Value>
estimate over(const std::vector<scaling_law>& laws, const scaling_law& fitted, const Value& value) {
  std::vector<double> values;
  for (const scaling_law& each : laws) values.push_back(value(each));
  return {value(fitted), quantile(values, 0.025), quantile(values, 0.975)};
}

}  // namespace

double scaling_law::speed_up(double workers) const {
  return start * workers / (1 + contention * (workers - 1) + coherency * workers * (workers - 1));
}

scaling_law fit(std::span<const observation> seen, law_kind kind) {
  scaling_law law{.start = start_of(seen)};
  normal_equations sums;
  for (const observation& each : seen) sums.add(each.workers, each.speed_up.middle / law.start);
  if (kind == law_kind::amdahl)
    law.contention = sums.contention_alone();
  else
    solve_both(sums, law);
  return law;
}

std::optional<extrapolation> extrapolate(std::span<const observation> seen, law_kind kind,
                                         double confidence) {
  if (!is_determined(seen, kind)) return {};
  const scaling_law fitted = fit(seen, kind);
  const std::vector<scaling_law> laws = drawn_laws(seen, kind, confidence);
  extrapolation result;
  result.contention = over(laws, fitted, [](const scaling_law& law) { return law.contention; });
  result.coherency = over(laws, fitted, [](const scaling_law& law) { return law.coherency; });
  for (const int workers : curve_workers)
    result.curve.push_back(
        {workers, over(laws, fitted, [workers](const scaling_law& law) { return law.speed_up(workers); })});
  return result;
}

}  // namespace polyloop::bench
