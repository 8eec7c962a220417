#include "polyloop/frames/median.hpp"

#include <cstring>

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "padded_rows.hpp"
#include "row_writer.hpp"
#include "simd/medians.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 32;
// Counts of so many columns stay in the second-level cache.
constexpr index_t strip_columns = 512;

template <class T, std::size_t Side>
void sort_band(const view<const T>& in, const view<T>& out, const border& edge,
               typename detail::median_rows<T>::columns columns, typename detail::median_rows<T>::along along,
               extent rows) {
  detail::row_writer<T> to(out);
  detail::filter_band<T>(
      in, edge, detail::reach::square(Side / 2), Side, rows, columns, [&](T* const* lines, index_t y) {
        to.write(y, [&](T* row) { along(lines, in.channels(), in.size().row_samples(), row); });
      });
}

/// Medians of 3 x 3, two rows at once.
template <class T>
void square_band(const view<const T>& in, const view<T>& out, const border& edge,
                 const detail::median_rows<T>& pass, extent rows) {
  const index_t count = in.size().row_samples();
  detail::scratch_row<T> beyond(count, 0);
  detail::row_writer<T> to(out, false, 0, 2);
  detail::filter_padded_together<T>(in, edge, detail::reach::square(1), rows, 2, detail::copied_row<T>{},
                                    [&](const T* const* taps, index_t y, index_t n) {
                                      to.write(y, n, [&](std::span<T* const> into) {
                                        pass.two_rows3(taps, in.channels(), count, into.front(),
                                                       n == 2 ? into.back() : beyond.data());
                                      });
                                    });
}

/// A channel of the columns [strip.begin, strip.end), by counts that move down a band.
void count_strip(const view<const std::uint8_t>& in, const view<std::uint8_t>& out, const median_square& of,
                 extent rows, extent strip, index_t channel) {
  const detail::counting_rows pass = detail::counting();
  const index_t channels = in.channels();
  const index_t side = 2 * of.radius + 1;
  const index_t columns = strip.end - strip.begin + 2 * of.radius;
  std::vector<detail::column_counts> counts(static_cast<std::size_t>(columns));
  // A row more than the window has: the one that leaves it.
  const detail::reach r{of.radius, of.radius, of.radius + 1, of.radius};
  detail::filter_padded<std::uint8_t>(in, of.edge, r, rows, detail::copied_row<std::uint8_t>{},
                                      [&](const std::uint8_t* const* taps, index_t y) {
                                        const auto begin = [&](index_t t) {
                                          return taps[t] + (strip.begin - of.radius) * channels + channel;
                                        };
                                        if (y > rows.begin)
                                          pass.move(counts.data(), begin(side), begin(0), channels, columns);
                                        else
                                          for (index_t t = 1; t <= side; ++t)
                                            pass.enter(counts.data(), begin(t), channels, columns);
                                        pass.rank(counts.data(), side, side * side / 2, channels,
                                                  strip.end - strip.begin,
                                                  out.pixel(strip.begin, y) + channel);
                                      });
}

void count_band(const view<const std::uint8_t>& in, const view<std::uint8_t>& out, const median_square& of,
                extent rows) {
  for (index_t x = 0; x < in.width(); x += strip_columns)
    for (index_t c = 0; c < in.channels(); ++c)
      count_strip(in, out, of, rows, {x, std::min(in.width(), x + strip_columns)}, c);
}

template <class T>
void select_row(const T* const* taps, index_t radius, index_t channels, index_t count, T* out) {
  std::vector<T> samples;
  for (index_t i = 0; i < count; ++i) {
    samples.clear();
    for (index_t t = 0; t <= 2 * radius; ++t)
      for (index_t k = -radius; k <= radius; ++k) samples.push_back(taps[t][i + k * channels]);
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    std::nth_element(samples.begin(), middle, samples.end(), detail::nan_last<T>);
    out[i] = *middle;
  }
}

template <class T>
void select_band(const view<const T>& in, const view<T>& out, const median_square& of, extent rows) {
  detail::filter_padded<T>(in, of.edge, detail::reach::square(of.radius), rows, detail::copied_row<T>{},
                           [&](const T* const* taps, index_t y) {
                             select_row(taps, of.radius, in.channels(), in.size().row_samples(), out.row(y));
                           });
}

template <class T>
void copy_band(const view<const T>& in, const view<T>& out, extent rows) {
  for (index_t y = rows.begin; y < rows.end; ++y) std::copy_n(in.row(y), in.size().row_samples(), out.row(y));
}

template <class T>
loop_result median_frame(const view<const T>& in, const view<T>& out, const median_square& of,
                         const loop_options& options) {
  if (of.radius < 0 || of.radius > most_median_radius)
    polyloop::detail::throw_invalid("radius", of.radius,
                                    "0 to " + std::to_string(most_median_radius) + " pixels");
  detail::require_channels(in.channels());
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  const auto pass = detail::rows_for<detail::median_rows, T>(detail::medians);
  const index_t height = std::max(band_rows, 4 * (2 * of.radius + 1));
  return detail::for_bands(in.size(), height, "median", options, [=](extent rows) {
    if (of.radius == 0) return copy_band(in, out, rows);
    if (of.radius == 1) return square_band(in, out, of.edge, pass, rows);
    if (of.radius == 2) return sort_band<T, 5>(in, out, of.edge, pass.columns5, pass.along5, rows);
    if constexpr (std::is_same_v<T, std::uint8_t>)
      count_band(in, out, of, rows);
    else
      select_band(in, out, of, rows);
  });
}

}  // namespace

loop_result median(view<const std::uint8_t> in, view<std::uint8_t> out, const median_square& of,
                   const loop_options& options) {
  return median_frame(in, out, of, options);
}

loop_result median(view<const std::uint16_t> in, view<std::uint16_t> out, const median_square& of,
                   const loop_options& options) {
  return median_frame(in, out, of, options);
}

loop_result median(view<const float> in, view<float> out, const median_square& of,
                   const loop_options& options) {
  return median_frame(in, out, of, options);
}

}  // namespace polyloop::frames
