#include "support/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace polyloop::bench {

double quantile(std::span<const double> values, double fraction) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double position = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], position - static_cast<double>(below));
}

double median(std::span<const double> values) {
  return quantile(values, 0.5);
}

double relative_spread(std::span<const double> values) {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values);
}

std::vector<double> ratios(std::span<const double> a, std::span<const double> b) {
  std::vector<double> quotient(std::min(a.size(), b.size()));
  for (std::size_t i = 0; i < quotient.size(); ++i) quotient[i] = a[i] / b[i];
  return quotient;
}

}  // namespace polyloop::bench
