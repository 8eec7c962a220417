#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "moving.hpp"
#include "polyloop/frames/blur.hpp"
#include "row_writer.hpp"

namespace polyloop::frames {

namespace {

// Of 16-bit sums; an area of 1 has no multiplier to divide by.
constexpr index_t most_narrow_area = 256;
// 65535 * area fits 32 bits.
constexpr index_t most_area = 65537;

void check_area(const window& of) {
  if (of.width * of.height > most_area)
    polyloop::detail::throw_invalid("height", of.height,
                                    "width * height of at most " + std::to_string(most_area) + " pixels");
}

template <class Sum, class T>
loop_result average(const view<const T>& in, const view<T>& out, const window& of,
                    const detail::sum_rows<T, Sum>& pass, const loop_options& options) {
  const index_t count = in.size().row_samples();
  const detail::reach r = detail::reach_of(of);
  return detail::for_bands(in.size(), detail::window_band_rows(of), "box_blur", options, [=](extent rows) {
    detail::row_writer<T> to(out);
    detail::scratch_row<Sum> scratch(count, of.width * in.channels());
    detail::scratch_row<Sum> sums(count, 0);
    detail::filter_band<Sum>(
        in, of.edge, r, 1, rows, detail::sum_columns<T, Sum>(pass, of.height, count),
        [&](Sum* const* lines, index_t y) {
          pass.along(lines[0] - r.left * in.channels(), scratch.data(), of.width, in.channels(), count,
                     sums.data());
          to.write(y, [&](T* row) { pass.scale(sums.data(), of.width * of.height, count, row); });
        });
  });
}

template <class T>
loop_result box_frame(const view<const T>& in, const view<T>& out, const window& of,
                      const loop_options& options) {
  detail::require_window(of);
  check_area(of);
  detail::require_channels(in.channels());
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    const index_t area = of.width * of.height;
    if (area > 1 && area <= most_narrow_area)
      return average<std::uint16_t>(in, out, of, detail::narrow_sums(), options);
  }
  return average<detail::wide_sum<T>>(in, out, of,
                                      detail::rows_for<detail::wide_sum_rows, T>(detail::wide_sums), options);
}

}  // namespace

loop_result box_blur(view<const std::uint8_t> in, view<std::uint8_t> out, const window& of,
                     const loop_options& options) {
  return box_frame(in, out, of, options);
}

loop_result box_blur(view<const std::uint16_t> in, view<std::uint16_t> out, const window& of,
                     const loop_options& options) {
  return box_frame(in, out, of, options);
}

loop_result box_blur(view<const float> in, view<float> out, const window& of, const loop_options& options) {
  return box_frame(in, out, of, options);
}

}  // namespace polyloop::frames
