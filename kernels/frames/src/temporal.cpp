#include "polyloop/frames/temporal.hpp"

#include <algorithm>
#include <vector>

#include "bands.hpp"
#include "check.hpp"
#include "row_writer.hpp"
#include "simd/medians.hpp"
#include "simd/points.hpp"
#include "simd/windows.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 32;

template <class T>
using frame_list = std::span<const view<const T>>;

template <class T>
void check(const frame_list<T>& in, const view<T>& out) {
  if (in.empty() || in.size() > most_temporal_frames)
    polyloop::detail::throw_invalid("in", static_cast<index_t>(in.size()),
                                    "1 to " + std::to_string(most_temporal_frames) + " frames");
  for (const view<const T>& each : in) {
    detail::require_shape("in", each.size(), in.front().size());
    detail::require_apart("out", out, each);
  }
  detail::require_shape("out", out.size(), in.front().size());
}

/// Calls combine(taps, row) for each row, where taps are the rows of the frames.
template <class T, class Combine>
loop_result over_rows(const frame_list<T>& in, const view<T>& out, const char* label,
                      const loop_options& options, const Combine& combine) {
  return detail::for_bands(out.size(), band_rows, label, options, [&](extent rows) {
    detail::row_writer<T> to(out);
    std::vector<const T*> taps(in.size());
    auto scratch = combine.scratch(out.size().row_samples());
    for (index_t y = rows.begin; y < rows.end; ++y) {
      std::transform(in.begin(), in.end(), taps.begin(),
                     [y](const view<const T>& each) { return each.row(y); });
      to.write(y, [&](T* row) { combine(taps, scratch, row); });
    }
  });
}

template <class T, class Sum>
struct mean_of {
  detail::sum_rows<T, Sum> pass;
  index_t count;

  detail::scratch_row<Sum> scratch(index_t samples) const { return {samples, 0}; }
  void operator()(const std::vector<const T*>& taps, detail::scratch_row<Sum>& sums, T* row) const {
    const auto frames = static_cast<index_t>(taps.size());
    pass.columns(taps.data(), frames, count, sums.data());
    pass.scale(sums.data(), frames, count, row);
  }
};

template <class T>
loop_result mean_frame(const frame_list<T>& in, const view<T>& out, const loop_options& options) {
  check(in, out);
  const index_t count = out.size().row_samples();
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    if (in.size() > 1)
      return over_rows(in, out, "temporal_mean", options,
                       mean_of<T, std::uint16_t>{detail::narrow_sums(), count});
  }
  const auto pass = detail::rows_for<detail::wide_sum_rows, T>(detail::wide_sums);
  return over_rows(in, out, "temporal_mean", options, mean_of<T, detail::wide_sum<T>>{pass, count});
}

/// Sorted by a network of three or five.
template <class T>
struct network_of {
  typename detail::median_rows<T>::columns sort;
  index_t count;

  std::vector<detail::scratch_row<T>> scratch(index_t samples) const {
    std::vector<detail::scratch_row<T>> lines;
    for (int k = 0; k < 5; ++k) lines.emplace_back(samples, 0);
    return lines;
  }
  void operator()(const std::vector<const T*>& taps, std::vector<detail::scratch_row<T>>& lines,
                  T* row) const {
    T* sorted[5];
    for (std::size_t k = 0; k < 5; ++k) sorted[k] = k == taps.size() / 2 ? row : lines[k].data();
    sort(taps.data(), count, sorted);
  }
};

template <class T>
struct selection_of {
  index_t count;

  std::vector<T> scratch(index_t) const { return {}; }
  void operator()(const std::vector<const T*>& taps, std::vector<T>& samples, T* row) const {
    samples.resize(taps.size());
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    for (index_t i = 0; i < count; ++i) {
      std::transform(taps.begin(), taps.end(), samples.begin(), [i](const T* tap) { return tap[i]; });
      std::nth_element(samples.begin(), middle, samples.end(), detail::nan_last<T>);
      row[i] = *middle;
    }
  }
};

template <class T>
loop_result median_frames(const frame_list<T>& in, const view<T>& out, const loop_options& options) {
  check(in, out);
  const index_t count = out.size().row_samples();
  const auto pass = detail::rows_for<detail::median_rows, T>(detail::medians);
  if (in.size() == 3)
    return over_rows(in, out, "temporal_median", options, network_of<T>{pass.columns3, count});
  if (in.size() == 5)
    return over_rows(in, out, "temporal_median", options, network_of<T>{pass.columns5, count});
  return over_rows(in, out, "temporal_median", options, selection_of<T>{count});
}

template <class T>
loop_result background_frame(const view<const T>& in, const view<float>& background, const view<T>& out,
                             double rate, const loop_options& options) {
  if (!(rate >= 0 && rate <= 1)) throw invalid_argument("rate", std::to_string(rate), "0 to 1");
  detail::require_shape("background", background.size(), in.size());
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("background", background, in);
  detail::require_apart("out", out, view<const float>(background));
  detail::require_apart_or_same("out", out, in);
  const auto row_of = detail::rows_for<detail::point_rows, T>(detail::points).background;
  return detail::for_bands(in.size(), band_rows, "background_difference", options, [=](extent rows) {
    for (index_t y = rows.begin; y < rows.end; ++y)
      row_of(in.row(y), static_cast<float>(rate), in.size().row_samples(), background.row(y), out.row(y));
  });
}

}  // namespace

loop_result temporal_mean(std::span<const view<const std::uint8_t>> in, view<std::uint8_t> out,
                          const loop_options& options) {
  return mean_frame(in, out, options);
}
loop_result temporal_mean(std::span<const view<const std::uint16_t>> in, view<std::uint16_t> out,
                          const loop_options& options) {
  return mean_frame(in, out, options);
}
loop_result temporal_mean(std::span<const view<const float>> in, view<float> out,
                          const loop_options& options) {
  return mean_frame(in, out, options);
}

loop_result temporal_median(std::span<const view<const std::uint8_t>> in, view<std::uint8_t> out,
                            const loop_options& options) {
  return median_frames(in, out, options);
}
loop_result temporal_median(std::span<const view<const std::uint16_t>> in, view<std::uint16_t> out,
                            const loop_options& options) {
  return median_frames(in, out, options);
}
loop_result temporal_median(std::span<const view<const float>> in, view<float> out,
                            const loop_options& options) {
  return median_frames(in, out, options);
}

loop_result background_difference(view<const std::uint8_t> in, view<float> background, view<std::uint8_t> out,
                                  double rate, const loop_options& options) {
  return background_frame(in, background, out, rate, options);
}
loop_result background_difference(view<const std::uint16_t> in, view<float> background,
                                  view<std::uint16_t> out, double rate, const loop_options& options) {
  return background_frame(in, background, out, rate, options);
}
loop_result background_difference(view<const float> in, view<float> background, view<float> out, double rate,
                                  const loop_options& options) {
  return background_frame(in, background, out, rate, options);
}

}  // namespace polyloop::frames
