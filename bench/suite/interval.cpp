#include "suite/interval.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>

#include "support/statistics.hpp"

namespace polyloop::bench {

namespace {

constexpr int resamples = 2000;
constexpr std::uint64_t seed = 19790101;
constexpr double normal_scale = 1.4826;  // standard deviation over median deviation
constexpr double farthest = 3.5;

/// Median without a copy; changes the order of the values.
double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 != 0) return *middle;
  return std::midpoint(*middle, *std::max_element(values.begin(), middle));
}

class resampler {
 public:
  double median_of_some(std::span<const double> values) {
    std::uniform_int_distribution<std::size_t> any(0, values.size() - 1);
    drawn_.resize(values.size());
    for (double& each : drawn_) each = values[any(random_)];
    return median_of(drawn_);
  }

 private:
  std::mt19937_64 random_{seed};
  std::vector<double> drawn_;
};

/// The interval that holds the middle part of what draw() gives.
template <class Draw>
interval percentiles(double middle, double confidence, const Draw& draw) {
  std::vector<double> drawn(resamples);
  for (double& each : drawn) each = draw();
  return {middle, quantile(drawn, (1 - confidence) / 2), quantile(drawn, (1 + confidence) / 2)};
}

}  // namespace

double median_deviation(std::span<const double> values) {
  const double middle = median(values);
  std::vector<double> distances(values.begin(), values.end());
  for (double& each : distances) each = std::abs(each - middle);
  return median(distances);
}

std::vector<double> without_outliers(std::span<const double> values) {
  const double middle = median(values);
  const double limit = farthest * normal_scale * median_deviation(values);
  std::vector<double> kept(values.begin(), values.end());
  if (limit > 0) std::erase_if(kept, [=](double each) { return std::abs(each - middle) > limit; });
  return kept;
}

interval median_interval(std::span<const double> values, double confidence) {
  resampler random;
  return percentiles(median(values), confidence, [&] { return random.median_of_some(values); });
}

summary summary_of(std::span<const double> values) {
  const std::vector<double> kept = without_outliers(values);
  const interval middle = median_interval(kept, confidence_of_median);
  return {middle.middle, median_deviation(kept), middle.low, middle.high, values.size() - kept.size()};
}

interval paired_ratio(std::span<const double> a, std::span<const double> b) {
  return median_interval(without_outliers(ratios(a, b)), confidence_of_ratio);
}

interval unpaired_ratio(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> over = without_outliers(a);
  const std::vector<double> under = without_outliers(b);
  resampler random;
  const auto draw = [&] { return random.median_of_some(over) / random.median_of_some(under); };
  return percentiles(median(over) / median(under), confidence_of_ratio, draw);
}

}  // namespace polyloop::bench
