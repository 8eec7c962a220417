#include "check.hpp"
#include "polyloop/frames/blur.hpp"
#include "row_chain.hpp"
#include "row_plans.hpp"
#include "window_sums.hpp"

namespace polyloop::frames {

namespace {

// 65535 * area fits 32 bits.
constexpr index_t most_area = 65537;

void check_area(const window& of) {
  if (of.width * of.height > most_area)
    polyloop::detail::throw_invalid("height", of.height,
                                    "width * height of at most " + std::to_string(most_area) + " pixels");
}

template <class Sum, class T>
detail::row_plan<T, T> average(const shape& in, const window& of, const detail::sum_rows<T, Sum>& pass) {
  const index_t area = of.width * of.height;
  return detail::plan_of_sums(in, of, pass, [=](const Sum* sums, const T* const*, T* row) {
    pass.scale(sums, area, in.row_samples(), row);
  });
}

template <class T>
loop_result box_frame(const view<const T>& in, const view<T>& out, const window& of,
                      const loop_options& options) {
  const auto plan = detail::box_plan<T>(in.size(), of);
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  return detail::filter_by_rows(in, out, plan, detail::window_band_rows(of), "box_blur", options);
}

}  // namespace

template <class T>
detail::row_plan<T, T> detail::box_plan(const shape& in, const window& of) {
  require_window(of);
  check_area(of);
  require_channels(in.channels);
  if constexpr (std::is_same_v<T, std::uint8_t>)
    if (has_narrow_sums<T>(of)) return average(in, of, narrow_sums());
  return average(in, of, rows_for<wide_sum_rows, T>(wide_sums));
}

template detail::row_plan<std::uint8_t, std::uint8_t> detail::box_plan(const shape&, const window&);
template detail::row_plan<std::uint16_t, std::uint16_t> detail::box_plan(const shape&, const window&);
template detail::row_plan<float, float> detail::box_plan(const shape&, const window&);

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
