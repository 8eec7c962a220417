#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include "hwy/cache_control.h"
#include "polyloop/frames/border.hpp"
#include "polyloop/frames/view.hpp"
#include "polyloop/frames/window.hpp"
#include "polyloop/grid.hpp"

/// Borders, once for all filters: rows above and below a frame, and samples to
/// the left and the right of a row.
namespace polyloop::frames::detail {

/// `value` as a sample: rounded to nearest and cut to the range of T.
template <class T>
T to_sample(double value) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else {
    if (std::isnan(value)) return 0;
    const auto least = static_cast<double>(std::numeric_limits<T>::min());
    const auto most = static_cast<double>(std::numeric_limits<T>::max());
    return static_cast<T>(std::floor(std::clamp(value, least, most) + 0.5));
  }
}

/// An order of samples, NaN behind all others, for algorithms that must not be led astray.
template <class T>
bool nan_last(T a, T b) {
  return a < b || (a == a && b != b);
}

/// The rows of a frame, and those beyond it.
template <class T>
class bordered_rows {
 public:
  bordered_rows(const view<const T>& frame, const border& edge) : frame_(frame), mode_(edge.mode) {
    if (mode_ == border_mode::constant)
      constant_.assign(static_cast<std::size_t>(frame.size().row_samples()), to_sample<T>(edge.value));
  }

  const T* row(index_t y) const {
    const index_t at = border_index(y, frame_.height(), mode_);
    return at < 0 ? constant_.data() : frame_.row(at);
  }
  /// Fetches a row ahead of its use, of a frame that is larger than caches are: the second pass over a row
  /// leaves the memory idle. Measured: filters of 4K frames gain up to a half.
  void prefetch(index_t y) const {
    if (frame_.height() * frame_.size().row_samples() * static_cast<index_t>(sizeof(T)) <
        least_prefetched_bytes)
      return;
    const T* const ahead = row(y);
    constexpr index_t step = 64 / static_cast<index_t>(sizeof(T));
    for (index_t i = 0; i < frame_.size().row_samples(); i += step) hwy::Prefetch(ahead + i);
  }
  /// Only of a constant border.
  const T* constant() const { return constant_.data(); }

 private:
  static constexpr index_t least_prefetched_bytes = index_t{4} << 20;

  view<const T> frame_;
  border_mode mode_;
  std::vector<T> constant_;
};

/// A row of scratch samples that begins on a cache line, with `margin` samples
/// to spare on both sides and room behind for whole vectors.
template <class T>
class scratch_row {
 public:
  scratch_row(index_t samples, index_t margin)
      : margin_((margin + step - 1) / step * step), whole_({margin_ + samples + margin + spare, 1}) {}

  T* data() { return whole_.row(0) + margin_; }

 private:
  static constexpr index_t step = 64 / static_cast<index_t>(sizeof(T));
  static constexpr index_t spare = 2 * step;

  index_t margin_;
  image<T> whole_;
};

/// Several rows of scratch.
template <class T>
class scratch_rows {
 public:
  scratch_rows(std::size_t rows, index_t samples, index_t margin) {
    for (std::size_t k = 0; k < rows; ++k) data_.push_back(storage_.emplace_back(samples, margin).data());
  }
  T* const* data() const { return data_.data(); }

 private:
  std::vector<scratch_row<T>> storage_;
  std::vector<T*> data_;
};

/// before(p) and after(p) are the pixels that are written p + 1 pixels before and behind a row of `width`
/// pixels. Channels is a number, or a constant where they are known.
template <class T, class Channels, class Before, class After>
void write_beyond(T* row, index_t width, Channels channels, index_t pixels, Before before, After after) {
  for (index_t p = 0; p < pixels; ++p)
    for (index_t c = 0; c < channels; ++c) {
      row[-(p + 1) * channels + c] = before(p)[c];
      row[(width + p) * channels + c] = after(p)[c];
    }
}

/// Where no pixel beyond the row is further away than the row is wide.
template <class T, class Channels>
void pad_near(T* row, index_t width, Channels channels, index_t pixels, border_mode mode, const T* constant) {
  T* const last = row + (width - 1) * channels;
  const auto inwards = [=](const T* from, index_t step) {
    return [=](index_t p) { return from + p * step; };
  };
  const auto pad = [=](auto before, auto after) {
    write_beyond(row, width, channels, pixels, before, after);
  };
  const index_t step = channels;
  switch (mode) {
    case border_mode::replicate:
      return pad(inwards(row, 0), inwards(last, 0));
    case border_mode::reflect:
      return pad(inwards(row, step), inwards(last, -step));
    case border_mode::reflect101:
      return pad(inwards(row + step, step), inwards(last - step, -step));
    case border_mode::wrap:
      return pad(inwards(last, -step), inwards(row, step));
    case border_mode::constant:
      return pad(inwards(constant, 0), inwards(constant, 0));
  }
}

/// Writes the `pixels` pixels before and behind a row of `width` pixels, from
/// within the row, or from the `channels` samples at `constant`.
template <class T>
void pad_row(T* row, index_t width, index_t channels, index_t pixels, border_mode mode, const T* constant) {
  if (pixels < width) {
    // Known numbers of channels: a filter of bytes with a large radius spent a quarter of its time here.
    if (channels == 1)
      return pad_near(row, width, std::integral_constant<index_t, 1>(), pixels, mode, constant);
    if (channels == 3)
      return pad_near(row, width, std::integral_constant<index_t, 3>(), pixels, mode, constant);
    return pad_near(row, width, channels, pixels, mode, constant);
  }
  const auto source = [=](index_t x) {
    const index_t at = border_index(x, width, mode);
    return at < 0 ? constant : row + at * channels;
  };
  write_beyond(
      row, width, channels, pixels, [=](index_t p) { return source(-p - 1); },
      [=](index_t p) { return source(width + p); });
}

/// How far a kernel reaches, in pixels.
struct reach {
  index_t left;
  index_t right;
  index_t up;
  index_t down;

  static constexpr reach square(index_t radius) { return {radius, radius, radius, radius}; }
  constexpr index_t across() const { return std::max(left, right); }
  constexpr index_t rows() const { return up + down + 1; }
};

inline constexpr reach reach_of(const window& of) {
  const index_t left = of.width / 2;
  const index_t up = of.height / 2;
  return {left, of.width - 1 - left, up, of.height - 1 - up};
}

/// The height of bands for a filter that looks at a window of rows once more at the beginning of each.
inline constexpr index_t window_band_rows(const window& of) {
  constexpr index_t least = 16;
  return std::max(least, 2 * of.height);
}

/// A filter of two passes over the rows of a band, of which the first makes
/// `line_count` rows of Mid from source rows, for up to `together` rows of the output at once, and the second
/// a row of the output from these:
///
///     columns(taps, n, count, lines)    lines[k][i] from taps[t][i], where taps[t] is row y + t - up; the
///     lines
///                                       of row y, then those of row y + 1 where n is 2, ...
///     along(lines, y)                   row y; lines[k] has `across` pixels before and behind
///
/// Nothing is computed twice, wherever the frame is cut into bands; the
/// intermediate rows stay in the first-level cache. Beyond a constant border
/// the intermediate values are what `columns` makes of the constant.
template <class Mid, class In, class Columns, class Along>
void filter_band_together(const view<const In>& in, const border& edge, const reach& r,
                          std::size_t line_count, index_t together, extent rows, Columns&& columns,
                          Along&& along) {
  const index_t channels = in.channels();
  const index_t count = in.size().row_samples();
  const bordered_rows<In> source(in, edge);
  const auto all_lines = line_count * static_cast<std::size_t>(together);
  scratch_rows<Mid> lines(all_lines, count, (r.across() + 1) * channels);
  scratch_rows<Mid> beyond(line_count, channels, 0);

  std::vector<const In*> taps(static_cast<std::size_t>(r.rows() + together - 1), source.constant());
  if (edge.mode == border_mode::constant) columns(taps.data(), index_t{1}, channels, beyond.data());
  for (index_t y = rows.begin; y < rows.end; y += together) {
    const index_t n = std::min(together, rows.end - y);
    for (index_t t = 0; t < r.rows() + n - 1; ++t)
      taps[static_cast<std::size_t>(t)] = source.row(y + t - r.up);
    columns(taps.data(), n, count, lines.data());
    for (index_t k = 0; k < n; ++k) source.prefetch(y + n + k + r.down);
    for (std::size_t k = 0; k < line_count * static_cast<std::size_t>(n); ++k)
      pad_row(lines.data()[k], in.width(), channels, r.across(), edge.mode, beyond.data()[k % line_count]);
    for (index_t k = 0; k < n; ++k) along(lines.data() + static_cast<std::size_t>(k) * line_count, y + k);
  }
}

/// The same row by row: columns(taps, count, lines).
template <class Mid, class In, class Columns, class Along>
void filter_band(const view<const In>& in, const border& edge, const reach& r, std::size_t line_count,
                 extent rows, Columns&& columns, Along&& along) {
  filter_band_together<Mid>(
      in, edge, r, line_count, 1, rows,
      [&columns](const In* const* taps, index_t, index_t count, Mid* const* lines) {
        columns(taps, count, lines);
      },
      along);
}

}  // namespace polyloop::frames::detail
