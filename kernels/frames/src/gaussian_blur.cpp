#include <cmath>
#include <type_traits>
#include <vector>

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "gaussian_kernel.hpp"
#include "polyloop/frames/blur.hpp"
#include "row_writer.hpp"
#include "simd/sharpening.hpp"
#include "simd/weighing.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;
// Rows of floats around a large kernel are read from the second-level cache: for several rows of the output
// at once. Of bytes they fit the first, but are made wider for each use.
template <class Mid>
constexpr index_t rows_together = std::is_same_v<Mid, float> ? 4 : 2;

/// The two passes over a band: rows of the blur, each as numbers of To, given to take(row, y).
template <class Mid, class To, class T, class Columns, class Along, class Weights, class Take>
void blur_band(const view<const T>& in, const border& edge, Columns columns, Along along,
               const Weights& weights, extent rows, Take& take) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  detail::filter_band_together<Mid>(
      in, edge, detail::reach::square(radius), 1, rows_together<Mid>, rows,
      [&](const T* const* taps, index_t n, index_t count, Mid* const* lines) {
        columns(taps, n, weights, count, lines);
      },
      [&](Mid* const* lines, index_t y) {
        take(y, [&](To* row) { along(lines[0], weights, in.channels(), in.size().row_samples(), row); });
      });
}

/// A blur and what becomes of its rows: for each band, make_take() makes a take as above.
template <class To, class T, class MakeTake>
loop_result blur_bytes(const view<const T>& in, const gaussian& kernel, const char* label,
                       const loop_options& options, const MakeTake& make_take) {
  const auto pass = detail::narrow_weighing();
  const auto weights = detail::weights_of<std::uint16_t>(kernel);
  return detail::for_bands(in.size(), band_rows, label, options, [&](extent rows) {
    auto take = make_take();
    blur_band<std::uint16_t, To>(in, kernel.edge, pass.columns, pass.along, weights, rows, take);
  });
}

template <class To, class T, class MakeTake>
loop_result blur_floats(const view<const T>& in, const gaussian& kernel, const char* label,
                        const loop_options& options, const MakeTake& make_take) {
  const auto columns = detail::rows_for<detail::float_rows, T>(detail::float_weighing).columns;
  const auto along = detail::rows_for<detail::float_rows, To>(detail::float_weighing).along;
  const auto weights = detail::weights_of<float>(kernel);
  return detail::for_bands(in.size(), band_rows, label, options, [&](extent rows) {
    auto take = make_take();
    blur_band<float, To>(in, kernel.edge, columns, along, weights, rows, take);
  });
}

template <class T>
bool is_narrow(const gaussian& kernel) {
  return std::is_same_v<T, std::uint8_t> && detail::radius_of(kernel) <= detail::most_narrow_radius;
}

template <class T>
void check(const view<const T>& in, const view<T>& out) {
  detail::require_channels(in.channels());
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
}

/// Writes rows as they are.
template <class T>
struct plain_take {
  detail::row_writer<T> to;
  explicit plain_take(const view<T>& out) : to(out) {}

  template <class Fill>
  void operator()(index_t y, const Fill& fill) {
    to.write(y, fill);
  }
};

template <class T>
loop_result blur_frame(const view<const T>& in, const view<T>& out, const gaussian& kernel,
                       const loop_options& options) {
  check(in, out);
  const bool narrow = is_narrow<T>(kernel);
  const auto take = [&] { return plain_take<T>(out); };
  if constexpr (std::is_same_v<T, std::uint8_t>)
    if (narrow) return blur_bytes<T>(in, kernel, "gaussian_blur", options, take);
  return blur_floats<T>(in, kernel, "gaussian_blur", options, take);
}

/// Writes rows sharpened by their blur, which is a row of Blurred.
template <class T, class Blurred, class Sharpen, class Amount>
struct sharpening_take {
  view<const T> in;
  Sharpen sharpen;
  Amount amount;
  detail::row_writer<T> to;
  detail::scratch_row<Blurred> blurred;

  template <class Fill>
  void operator()(index_t y, const Fill& fill) {
    fill(blurred.data());
    to.write(y, [&](T* row) { sharpen(in.row(y), blurred.data(), amount, in.size().row_samples(), row); });
  }
};

void check_amount(double amount) {
  if (!(amount >= 0 && amount <= most_unsharp_amount))
    throw invalid_argument("amount", std::to_string(amount), "0 to " + std::to_string(most_unsharp_amount));
}

template <class T, class Blurred, class Sharpen, class Amount>
auto sharpening(const view<const T>& in, const view<T>& out, Sharpen sharpen, Amount amount) {
  return [=] {
    return sharpening_take<T, Blurred, Sharpen, Amount>{
        in, sharpen, amount, detail::row_writer<T>(out),
        detail::scratch_row<Blurred>(in.size().row_samples(), 0)};
  };
}

template <class T>
loop_result sharpen_frame(const view<const T>& in, const view<T>& out, const unsharp& how,
                          const loop_options& options) {
  check_amount(how.amount);
  check(in, out);
  const bool narrow = is_narrow<T>(how.blur);
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    const auto amount = static_cast<std::int16_t>(std::lround(how.amount * 1024));
    if (narrow)
      return blur_bytes<std::uint8_t>(
          in, how.blur, "unsharp_mask", options,
          sharpening<T, std::uint8_t>(in, out, detail::byte_sharpening(), amount));
  }
  const auto sharpen = detail::rows_for<detail::sharpen_floats, T>(detail::float_sharpening);
  return blur_floats<float>(in, how.blur, "unsharp_mask", options,
                            sharpening<T, float>(in, out, sharpen, static_cast<float>(how.amount)));
}

}  // namespace

loop_result gaussian_blur(view<const std::uint8_t> in, view<std::uint8_t> out, const gaussian& kernel,
                          const loop_options& options) {
  return blur_frame(in, out, kernel, options);
}

loop_result gaussian_blur(view<const std::uint16_t> in, view<std::uint16_t> out, const gaussian& kernel,
                          const loop_options& options) {
  return blur_frame(in, out, kernel, options);
}

loop_result gaussian_blur(view<const float> in, view<float> out, const gaussian& kernel,
                          const loop_options& options) {
  return blur_frame(in, out, kernel, options);
}

loop_result unsharp_mask(view<const std::uint8_t> in, view<std::uint8_t> out, const unsharp& how,
                         const loop_options& options) {
  return sharpen_frame(in, out, how, options);
}

loop_result unsharp_mask(view<const std::uint16_t> in, view<std::uint16_t> out, const unsharp& how,
                         const loop_options& options) {
  return sharpen_frame(in, out, how, options);
}

loop_result unsharp_mask(view<const float> in, view<float> out, const unsharp& how,
                         const loop_options& options) {
  return sharpen_frame(in, out, how, options);
}

}  // namespace polyloop::frames
