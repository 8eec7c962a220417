#pragma once

#include <span>
#include <vector>

namespace polyloop::bench {

/// The value at `fraction` of the sorted values, interpolated; values must not be empty.
double quantile(std::span<const double> values, double fraction);
double median(std::span<const double> values);

/// Half the distance between the quartiles, as a fraction of the median.
double relative_spread(std::span<const double> values);

/// a[i] / b[i], round by round: what slowed down a whole round cancels out.
std::vector<double> ratios(std::span<const double> a, std::span<const double> b);

}  // namespace polyloop::bench
