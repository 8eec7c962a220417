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

/// The samples at both ends of rows, with the pixels beyond: all other windows of 3 x 3 are within the rows.
template <class T>
class row_ends {
 public:
  /// So many: what is left begins on a cache line where the row does, and is done by whole vectors.
  static constexpr index_t samples = 64 / static_cast<index_t>(sizeof(T));

  row_ends(const view<const T>& in, const border& edge)
      : channels_(in.channels()),
        count_(in.size().row_samples()),
        before_(border_index(-1, in.width(), edge.mode)),
        behind_(border_index(in.width(), in.width(), edge.mode)),
        constant_(static_cast<std::size_t>(channels_), detail::to_sample<T>(edge.value)),
        scratch_(2 * square_rows, samples + channels_, channels_) {}

  /// Those of two rows, from four.
  void make(const detail::median_rows<T>& pass, const T* const* taps, T* upper, T* lower) {
    T* const* const left = scratch_.data();
    T* const* const right = left + square_rows;
    for (index_t t = 0; t < square_rows; ++t) {
      std::copy_n(pixel(taps[t], before_), channels_, left[t] - channels_);
      std::copy_n(taps[t], samples + channels_, left[t]);
      std::copy_n(taps[t] + count_ - samples - channels_, samples + channels_, right[t] - channels_);
      std::copy_n(pixel(taps[t], behind_), channels_, right[t] + samples);
    }
    pass.two_rows3(left, channels_, samples, upper, lower);
    pass.two_rows3(right, channels_, samples, upper + count_ - samples, lower + count_ - samples);
  }

 private:
  static constexpr index_t square_rows = 4;

  const T* pixel(const T* row, index_t x) const { return x < 0 ? constant_.data() : row + x * channels_; }

  index_t channels_, count_, before_, behind_;
  std::vector<T> constant_;
  detail::scratch_rows<T> scratch_;
};

/// Medians of 3 x 3 of rows that are read where they are: copies with the pixels beyond take a fifth of the
/// time.
template <class T>
void wide_square_rows(const view<const T>& in, const border& edge, const detail::median_rows<T>& pass,
                      extent rows, detail::row_writer<T>& to) {
  constexpr index_t first = row_ends<T>::samples;
  const index_t channels = in.channels();
  const index_t count = in.size().row_samples();
  const detail::bordered_rows<T> source(in, edge);
  row_ends<T> ends(in, edge);
  detail::scratch_row<T> beyond(count, 0);
  for (index_t y = rows.begin; y < rows.end; y += 2) {
    const T* const taps[] = {source.row(y - 1), source.row(y), source.row(y + 1), source.row(y + 2)};
    const T* const inner[] = {taps[0] + first, taps[1] + first, taps[2] + first, taps[3] + first};
    to.write(y, std::min<index_t>(2, rows.end - y), [&](std::span<T* const> into) {
      T* const lower = into.size() == 2 ? into[1] : beyond.data();
      pass.two_rows3(inner, channels, count - first - channels, into[0] + first, lower + first);
      ends.make(pass, taps, into[0], lower);
    });
  }
}

/// Medians of 3 x 3, two rows at once.
template <class T>
void square_band(const view<const T>& in, const view<T>& out, const border& edge,
                 const detail::median_rows<T>& pass, extent rows) {
  const index_t count = in.size().row_samples();
  detail::row_writer<T> to(out, false, 0, 2);
  if (count > 2 * row_ends<T>::samples) return wide_square_rows(in, edge, pass, rows, to);
  detail::scratch_row<T> beyond(count, 0);
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
