#include "polyloop/frames/histogram.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "bands.hpp"
#include "check.hpp"
#include "simd/lookup.hpp"
#include "value_counts.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 64;

using counts = std::vector<std::uint64_t>;

template <class T>
counts count_frame(const view<const T>& in, index_t channel, const loop_options& options) {
  if (channel < 0 || channel >= in.channels())
    polyloop::detail::throw_invalid("channel", channel, "0 to " + std::to_string(in.channels() - 1));
  std::vector<counts> of_bands(static_cast<std::size_t>(in.height() / band_rows + 1));
  const loop_result result = detail::for_bands(in.size(), band_rows, "histogram", options, [&](extent rows) {
    detail::band_counts<T> band;
    for (index_t y = rows.begin; y < rows.end; ++y) band.add(in.row(y) + channel, in.channels(), in.width());
    counts& own = of_bands[static_cast<std::size_t>(rows.begin / band_rows)];
    own.resize(detail::value_count<T>);
    band.add_to(own);
  });
  if (!result.finished()) throw stopped(result.iterations);
  counts all(detail::value_count<T>);
  for (const counts& each : of_bands)
    std::transform(each.begin(), each.end(), all.begin(), all.begin(), std::plus<>());
  return all;
}

using table256 = std::array<std::uint8_t, 256>;

void check_one_channel(const view<const std::uint8_t>& in) {
  detail::require_shape("in", in.size(), {in.width(), in.height(), 1});
}

table256 spreading(const counts& of, std::uint64_t samples) {
  table256 table{};
  const auto least =
      static_cast<std::size_t>(std::find_if(of.begin(), of.end(), [](auto n) { return n > 0; }) - of.begin());
  if (of[least] == samples) {
    std::iota(table.begin(), table.end(), std::uint8_t{0});
    return table;
  }
  const float scale = 255.0F / static_cast<float>(samples - of[least]);
  std::uint64_t sum = 0;
  for (std::size_t v = least + 1; v < table.size(); ++v) {
    sum += of[v];
    table[v] = static_cast<std::uint8_t>(std::min(std::nearbyint(static_cast<float>(sum) * scale), 255.0F));
  }
  return table;
}

/// The two classes below and above a value: their parts of all samples, and their means.
class two_classes {
 public:
  two_classes(const counts& of, double samples) : of_(of), samples_(samples) {
    for (std::size_t v = 0; v < of.size(); ++v) mean_ += static_cast<double>(v) * part(v);
  }

  /// Moves a value from the upper class to the lower one; the distance of the means, squared and weighed. 0
  /// where one is empty.
  double move(std::size_t v) {
    const double own = part(v);
    const double moment = lower_mean_ * lower_ + static_cast<double>(v) * own;
    lower_ += own;
    const double upper = 1 - lower_;
    constexpr double least = std::numeric_limits<float>::epsilon();
    if (std::min(lower_, upper) < least || std::max(lower_, upper) > 1 - least) {
      lower_mean_ = lower_ == 0 ? 0 : moment / lower_;
      return 0;
    }
    lower_mean_ = moment / lower_;
    const double apart = lower_mean_ - (mean_ - moment) / upper;
    return lower_ * upper * apart * apart;
  }

 private:
  double part(std::size_t v) const { return static_cast<double>(of_[v]) / samples_; }

  const counts& of_;
  double samples_;
  double mean_ = 0;
  double lower_ = 0;
  double lower_mean_ = 0;
};

}  // namespace

std::vector<std::uint64_t> histogram(view<const std::uint8_t> in, index_t channel,
                                     const loop_options& options) {
  return count_frame(in, channel, options);
}

std::vector<std::uint64_t> histogram(view<const std::uint16_t> in, index_t channel,
                                     const loop_options& options) {
  return count_frame(in, channel, options);
}

loop_result look_up(view<const std::uint8_t> in, view<std::uint8_t> out, const table256& table,
                    const loop_options& options) {
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart_or_same("out", out, in);
  const detail::lookup_function row_of = detail::lookup();
  return detail::for_bands(in.size(), band_rows, "look_up", options, [=, &table](extent rows) {
    for (index_t y = rows.begin; y < rows.end; ++y)
      row_of(in.row(y), table, in.size().row_samples(), out.row(y));
  });
}

loop_result equalize(view<const std::uint8_t> in, view<std::uint8_t> out, const loop_options& options) {
  check_one_channel(in);
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart_or_same("out", out, in);
  if (in.empty()) return {};
  const auto samples = static_cast<std::uint64_t>(in.width()) * static_cast<std::uint64_t>(in.height());
  return look_up(in, out, spreading(histogram(in, 0, options), samples), options);
}

std::uint8_t otsu_limit(view<const std::uint8_t> in, const loop_options& options) {
  check_one_channel(in);
  if (in.empty()) return 0;
  const counts of = histogram(in, 0, options);
  two_classes classes(of, static_cast<double>(in.width()) * static_cast<double>(in.height()));
  std::size_t best = 0;
  double farthest = 0;
  for (std::size_t v = 0; v < of.size(); ++v) {
    const double apart = classes.move(v);
    if (apart > farthest) {
      farthest = apart;
      best = v;
    }
  }
  return static_cast<std::uint8_t>(best);
}

}  // namespace polyloop::frames
