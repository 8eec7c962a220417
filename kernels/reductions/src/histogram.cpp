#include "polyloop/reductions/histogram.hpp"

#include <array>
#include <cmath>

#include "instances.hpp"
#include "keys.hpp"
#include "polyloop/reductions/extrema.hpp"
#include "polyloop/reductions/quantiles.hpp"

namespace polyloop::reductions {

double bins::edge(index_t i) const {
  return i == count ? high : low + (high - low) * (static_cast<double>(i) / static_cast<double>(count));
}

namespace {

void check(const bins& of) {
  if (of.count < 1) polyloop::detail::throw_invalid("number of bins", of.count, "at least 1");
  if (!(of.low < of.high) || !std::isfinite(of.high - of.low))
    throw invalid_argument("bins", std::to_string(of.low) + " to " + std::to_string(of.high), "an interval");
}

/// The quotient is rounded, so that the edges decide.
index_t bin_of(const bins& of, double x) {
  const auto guess = static_cast<index_t>((x - of.low) / (of.high - of.low) * static_cast<double>(of.count));
  const index_t bin = std::min(guess, of.count - 1);
  if (x < of.edge(bin)) return bin - 1;
  return bin + 1 < of.count && x >= of.edge(bin + 1) ? bin + 1 : bin;
}

void count(histogram_of& into, double x) {
  if (x < into.of.low)
    ++into.below;
  else if (x > into.of.high)
    ++into.above;
  else if (x != x)
    ++into.nans;
  else
    ++into.counts[static_cast<std::size_t>(bin_of(into.of, x))];
}

histogram_of merged(histogram_of a, const histogram_of& b) {
  for (std::size_t i = 0; i < a.counts.size(); ++i) a.counts[i] += b.counts[i];
  a.below += b.below;
  a.above += b.above;
  a.nans += b.nans;
  return a;
}

}  // namespace

namespace detail {

template <compiled T>
histogram_of histogram(const input<T>& x, const bins& of, const loop_options& options) {
  check(of);
  const histogram_of none{of, std::vector<index_t>(static_cast<std::size_t>(of.count))};
  worker_local<histogram_of> locals([&none] { return none; });
  for_each_stretch(
      x, locals,
      [](histogram_of& local, const stretch<T>& part) {
        for (std::size_t i = 0; i < part.size; ++i) count(local, static_cast<double>(part.data[i]));
      },
      options);
  return locals.combine(commutative, merged);
}

template <compiled T>
bins automatic_bins(const input<T>& x, const loop_options& options) {
  const extrema<T> both = minmax(x, options);
  const auto low = static_cast<double>(both.minimum.value);
  const auto high = static_cast<double>(both.maximum.value);
  if (low == high && std::isfinite(low)) return {low - 0.5, low + 0.5, 1};
  check({low, high, 1});
  const auto n = static_cast<double>(x.size());
  const std::array quarters{0.25, 0.75};
  const std::vector<double> between = quantiles(x, quarters, options);
  const double sturges = std::log2(n) + 1;
  const double diaconis = (high - low) / (2 * (between[1] - between[0]) / std::cbrt(n));
  const double wanted = std::isfinite(diaconis) ? std::max(sturges, diaconis) : sturges;
  return {low, high, static_cast<index_t>(std::min(std::ceil(wanted), 65536.0))};
}

#define POLYLOOP_HISTOGRAMS(T)                                                        \
  template histogram_of histogram(const input<T>&, const bins&, const loop_options&); \
  template bins automatic_bins(const input<T>&, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_HISTOGRAMS)

}  // namespace detail

}  // namespace polyloop::reductions
