#include "polyloop/frames/convolution.hpp"

#include <cmath>

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "row_writer.hpp"
#include "simd/weighed_taps.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;

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

/// Where the lines of a first pass are read by the second: shifted[k] is lines[k] or the only line, k - left
/// pixels further.
std::vector<const float*> shifted(float* const* lines, std::size_t line_count, index_t width,
                                  index_t channels) {
  std::vector<const float*> made;
  for (index_t k = 0; k < width; ++k)
    made.push_back(lines[line_count == 1 ? 0 : static_cast<std::size_t>(k)] + (k - width / 2) * channels);
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
        const auto across = shifted(lines, 1, of.width, in.channels());
        to.write(y, [&](T* row) { pass.along(across, weights.row, in.size().row_samples(), row); });
      });
}

/// A line for each column of the window, by the weights of that column, and the sum of all.
template <class T>
void direct_band(const view<const T>& in, const view<T>& out, const weighed_window& by,
                 const detail::tap_rows<T>& pass, extent rows) {
  const auto width = static_cast<std::size_t>(by.of.width);
  detail::row_writer<T> to(out);
  detail::filter_band<float>(
      in, by.of.edge, detail::reach_of(by.of), width, rows,
      [&](const T* const* taps, index_t count, float* const* lines) {
        pass.columns(taps, by.weights, count, {lines, width});
      },
      [&](float* const* lines, index_t y) {
        const auto across = shifted(lines, width, by.of.width, in.channels());
        to.write(y, [&](T* row) { pass.sum(across, in.size().row_samples(), row); });
      });
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
  return detail::for_bands(in.size(), band_rows, "convolve", options, [&](extent rows) {
    if (separable.column.empty())
      direct_band(in, out, by, pass, rows);
    else
      separable_band(in, out, by.of, separable, pass, rows);
  });
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
