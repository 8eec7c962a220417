#include "polyloop/frames/point.hpp"

#include "bands.hpp"
#include "check.hpp"
#include "row_writer.hpp"
#include "simd/points.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 64;

template <class T>
loop_result threshold_frame(const view<const T>& in, const view<T>& out, const threshold_at<T>& how,
                            const loop_options& options) {
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart_or_same("out", out, in);
  const auto row_of = detail::rows_for<detail::point_rows, T>(detail::points).threshold;
  return detail::for_bands(in.size(), band_rows, "threshold", options, [=](extent rows) {
    detail::row_writer<T> to(out, detail::is_same(out, in));
    for (index_t y = rows.begin; y < rows.end; ++y)
      to.write(y, [&](T* row) { row_of(in.row(y), how, in.size().row_samples(), row); });
  });
}

template <class T>
loop_result difference_frame(const view<const T>& a, const view<const T>& b, const view<T>& out,
                             const loop_options& options) {
  detail::require_shape("b", b.size(), a.size());
  detail::require_shape("out", out.size(), a.size());
  detail::require_apart_or_same("out", out, a);
  detail::require_apart_or_same("out", out, b);
  const auto row_of = detail::rows_for<detail::point_rows, T>(detail::points).difference;
  return detail::for_bands(a.size(), band_rows, "absolute_difference", options, [=](extent rows) {
    detail::row_writer<T> to(out, detail::is_same(out, a) || detail::is_same(out, b));
    for (index_t y = rows.begin; y < rows.end; ++y)
      to.write(y, [&](T* row) { row_of(a.row(y), b.row(y), a.size().row_samples(), row); });
  });
}

}  // namespace

loop_result threshold(view<const std::uint8_t> in, view<std::uint8_t> out,
                      const threshold_at<std::uint8_t>& how, const loop_options& options) {
  return threshold_frame(in, out, how, options);
}
loop_result threshold(view<const std::uint16_t> in, view<std::uint16_t> out,
                      const threshold_at<std::uint16_t>& how, const loop_options& options) {
  return threshold_frame(in, out, how, options);
}
loop_result threshold(view<const float> in, view<float> out, const threshold_at<float>& how,
                      const loop_options& options) {
  return threshold_frame(in, out, how, options);
}

loop_result absolute_difference(view<const std::uint8_t> a, view<const std::uint8_t> b,
                                view<std::uint8_t> out, const loop_options& options) {
  return difference_frame(a, b, out, options);
}
loop_result absolute_difference(view<const std::uint16_t> a, view<const std::uint16_t> b,
                                view<std::uint16_t> out, const loop_options& options) {
  return difference_frame(a, b, out, options);
}
loop_result absolute_difference(view<const float> a, view<const float> b, view<float> out,
                                const loop_options& options) {
  return difference_frame(a, b, out, options);
}

}  // namespace polyloop::frames
