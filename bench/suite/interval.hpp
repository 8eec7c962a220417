#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace polyloop::bench {

/// A median and between which values it lies with some confidence.
struct interval {
  double middle = 0;
  double low = 0;
  double high = 0;

  bool contains(double value) const { return low <= value && value <= high; }
};

/// What samples of one thing say about it.
struct summary {
  double median = 0;
  double deviation = 0;  // median absolute deviation from the median
  double low = 0;
  double high = 0;
  std::size_t outliers = 0;  // samples that were not counted
};

/// Medians are given with 95 % confidence. A comparison is of 99 %: it is read
/// as "differs" or "does not", there are many of them in a report, and with 95 %
/// one in twenty of equals would differ.
inline constexpr double confidence_of_median = 0.95;
inline constexpr double confidence_of_ratio = 0.99;

/// The median absolute deviation from the median. O(n log n).
double median_deviation(std::span<const double> values);

/// The values without those that are further from the median than 3.5 deviations,
/// scaled to be the standard deviation where values are normal (B. Iglewicz and
/// D. Hoaglin, "How to detect and handle outliers", 1993). All of them where more
/// than half are equal.
std::vector<double> without_outliers(std::span<const double> values);

/// The median of the values and its interval, by the percentiles of the medians
/// of resampled values (B. Efron's bootstrap, with a fixed seed: the same
/// values have the same interval). One value is an interval by itself.
interval median_interval(std::span<const double> values, double confidence);

/// The same without outliers.
summary summary_of(std::span<const double> values);

/// a over b, sample by sample of the same round: the median and its interval.
/// What slows a whole round down cancels out, and where the order within each
/// round is drawn by lot, the interval holds its confidence even if rounds
/// resemble their neighbours: whether A or B of a pair was the slower one is
/// then an independent toss of a coin for each round.
interval paired_ratio(std::span<const double> a, std::span<const double> b);

/// The median of a over that of b, for samples of different runs, each resampled
/// by itself.
interval unpaired_ratio(std::span<const double> a, std::span<const double> b);

}  // namespace polyloop::bench
