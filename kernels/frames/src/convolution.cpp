#include "polyloop/frames/convolution.hpp"

#include <cmath>

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "narrow_window.hpp"
#include "padded_rows.hpp"
#include "paired_rows.hpp"
#include "row_writer.hpp"
#include "simd/weighed_taps.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 32;

void check(const weighed_window& by) {
  detail::require_window(by.of);
  const auto cells = static_cast<std::size_t>(by.of.width * by.of.height);
  if (by.weights.size() != cells)
    polyloop::detail::throw_invalid("weights", static_cast<index_t>(by.weights.size()),
                                    "width * height = " + std::to_string(cells) + " weights");
  for (const float weight : by.weights)
    if (!std::isfinite(weight)) throw invalid_argument("weights", std::to_string(weight), "finite weights");
}

/// The column and the row whose product the weights are; empty where they are none.
struct product {
  std::vector<float> column;
  std::vector<float> row;
};

product factored(const weighed_window& by) {
  const auto width = static_cast<std::size_t>(by.of.width);
  const auto largest = std::max_element(by.weights.begin(), by.weights.end(),
                                        [](float a, float b) { return std::abs(a) < std::abs(b); });
  if (*largest == 0) return {};
  const auto place = static_cast<std::size_t>(largest - by.weights.begin());
  product made;
  for (std::size_t y = 0; y < static_cast<std::size_t>(by.of.height); ++y)
    made.column.push_back(by.weights[y * width + place % width]);
  for (std::size_t x = 0; x < width; ++x)
    made.row.push_back(by.weights[place / width * width + x] / *largest);
  const double tolerance = std::ldexp(std::abs(*largest), -20);
  for (std::size_t i = 0; i < by.weights.size(); ++i) {
    const double exact =
        static_cast<double>(made.column[i / width]) * static_cast<double>(made.row[i % width]);
    if (std::abs(exact - static_cast<double>(by.weights[i])) > tolerance) return {};
  }
  return made;
}

/// The rows of a window from its left edge on: taps[k] `left` pixels before.
template <class T>
std::vector<const T*> from_left(const T* const* taps, index_t count, const window& of, index_t channels) {
  std::vector<const T*> made(taps, taps + count);
  for (const T*& tap : made) tap -= detail::reach_of(of).left * channels;
  return made;
}

/// Where a line is read by each weight of a row.
std::vector<const float*> shifted(const float* line, const window& of, index_t channels) {
  std::vector<const float*> made;
  for (index_t k = 0; k < of.width; ++k) made.push_back(line + (k - of.width / 2) * channels);
  return made;
}

/// The columns by the weights of the column, then the row by those of the row.
template <class T>
void separable_band(const view<const T>& in, const view<T>& out, const window& of, const product& weights,
                    const detail::tap_rows<T>& pass, extent rows) {
  detail::row_writer<T> to(out);
  detail::filter_band<float>(
      in, of.edge, detail::reach_of(of), 1, rows,
      [&](const T* const* taps, index_t count, float* const* lines) {
        pass.columns(taps, weights.column, count, {lines, 1});
      },
      [&](float* const* lines, index_t y) {
        const auto across = shifted(lines[0], of, in.channels());
        to.write(y, [&](T* row) { pass.along(across, weights.row, in.size().row_samples(), row); });
      });
}

/// Every weight by every sample, several rows at once.
template <class T>
void direct_band(const view<const T>& in, const view<T>& out, const weighed_window& by, extent rows) {
  constexpr index_t together = detail::window_rows_together;
  const auto pass = detail::rows_for<detail::window_rows, T>(detail::window_weighing);
  const index_t channels = in.channels();
  detail::row_writer<T> to(out, false, 0, together);
  detail::filter_padded_together<float>(
      in, by.of.edge, detail::reach_of(by.of), rows, together, pass.to_float,
      [&](const float* const* taps, index_t y, index_t n) {
        const auto from = from_left(taps, by.of.height + n - 1, by.of, channels);
        to.write(y, n, [&](std::span<T* const> into) {
          pass.apply(from.data(), by.weights, by.of.width, channels, in.size().row_samples(), into);
        });
      });
}

/// The same in integers: pairs of rows, of which each serves two rows of the output.
void narrow_band(const view<const std::uint8_t>& in, const view<std::uint8_t>& out, const window& of,
                 const detail::narrow_window& narrow, extent rows) {
  const auto pass = detail::pair_weighing();
  const detail::reach r = detail::reach_of(of);
  const index_t channels = in.channels(), count = in.size().row_samples();
  detail::paired_rows pairs(in, of.edge, r, narrow.height, rows.begin - r.up);
  detail::scratch_row<std::uint8_t> beyond(count, 0);
  detail::row_writer<std::uint8_t> to(out, false, 0, 2);
  for (index_t y = rows.begin; y < rows.end; y += 2) {
    const auto from = from_left(pairs.next(), narrow.height, of, channels);
    to.write(y, std::min<index_t>(2, rows.end - y), [&](std::span<std::uint8_t* const> into) {
      pass.apply(from.data(), narrow.by(), channels, count, into.front(),
                 into.size() == 2 ? into.back() : beyond.data());
    });
  }
}
template <class T>
loop_result convolve_frame(const view<const T>& in, const view<T>& out, const weighed_window& by,
                           const loop_options& options) {
  check(by);
  detail::require_channels(in.channels());
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  const auto pass = detail::rows_for<detail::tap_rows, T>(detail::weighed_taps);
  const product separable = factored(by);
  if (!separable.column.empty())
    return detail::for_bands(in.size(), band_rows, "convolve", options,
                             [&](extent rows) { separable_band(in, out, by.of, separable, pass, rows); });
  if constexpr (std::is_same_v<T, std::uint8_t>)
    if (const auto narrow = detail::narrowed(by))
      return detail::for_bands(in.size(), band_rows, "convolve", options,
                               [&](extent rows) { narrow_band(in, out, by.of, *narrow, rows); });
  return detail::for_bands(in.size(), band_rows, "convolve", options,
                           [&](extent rows) { direct_band(in, out, by, rows); });
}

}  // namespace

loop_result convolve(view<const std::uint8_t> in, view<std::uint8_t> out, const weighed_window& by,
                     const loop_options& options) {
  return convolve_frame(in, out, by, options);
}

loop_result convolve(view<const std::uint16_t> in, view<std::uint16_t> out, const weighed_window& by,
                     const loop_options& options) {
  return convolve_frame(in, out, by, options);
}

loop_result convolve(view<const float> in, view<float> out, const weighed_window& by,
                     const loop_options& options) {
  return convolve_frame(in, out, by, options);
}

}  // namespace polyloop::frames
