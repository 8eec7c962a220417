#include <type_traits>
#include <vector>

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "gaussian_kernel.hpp"
#include "polyloop/frames/blur.hpp"
#include "simd/weighing.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;

/// The two passes over a band, by rows that Weights and Mid are of.
template <class Mid, class T, class Rows, class Weights>
loop_result blur_bands(const view<const T>& in, const view<T>& out, const border& edge, const Rows& pass,
                       const Weights& weights, const loop_options& options) {
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  return detail::for_bands(in.size(), band_rows, "gaussian_blur", options, [&, radius](extent rows) {
    detail::filter_band<Mid, 1>(
        in, edge, detail::reach::square(radius), rows,
        [&](const T* const* taps, index_t count, Mid* const* lines) {
          pass.columns(taps, weights, count, lines[0]);
        },
        [&](Mid* const* lines, index_t y) {
          pass.along(lines[0], weights, in.channels(), in.size().row_samples(), out.row(y));
        });
  });
}

template <class T>
loop_result blur_frame(const view<const T>& in, const view<T>& out, const gaussian& kernel,
                       const loop_options& options) {
  detail::require_channels(in.channels());
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  const index_t radius = detail::radius_of(kernel);
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    if (radius <= detail::most_narrow_radius)
      return blur_bands<std::uint16_t>(in, out, kernel.edge, detail::narrow_weighing(),
                                       detail::weights_of<std::uint16_t>(kernel), options);
  }
  return blur_bands<float>(in, out, kernel.edge, detail::rows_for<detail::float_rows, T>(detail::float_weighing),
                           detail::weights_of<float>(kernel), options);
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

}  // namespace polyloop::frames
