#include "check.hpp"
#include "polyloop/frames/colour.hpp"
#include "row_chain.hpp"
#include "row_plans.hpp"
#include "simd/points.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;

float luma(float red, float green, float blue) {
  return 0.299F * red + 0.587F * green + 0.114F * blue;
}

void gray_row(const std::uint8_t* rgb, std::uint8_t* gray, index_t width) {
  detail::gray_bytes(rgb, width, gray);
}

void gray_row(const std::uint16_t* rgb, std::uint16_t* gray, index_t width) {
  for (index_t x = 0; x < width; ++x) {
    // At most 65536 * 65535 + 32768: 32 bits hold it.
    const auto sum = 19595U * rgb[3 * x] + 38470U * rgb[3 * x + 1] + 7471U * rgb[3 * x + 2] + 32768U;
    gray[x] = static_cast<std::uint16_t>(sum >> 16);
  }
}

void gray_row(const float* rgb, float* gray, index_t width) {
  for (index_t x = 0; x < width; ++x) gray[x] = luma(rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]);
}

template <class T>
loop_result gray_frame(view<const T> rgb, view<T> gray, const loop_options& options) {
  const auto plan = detail::gray_plan<T>(rgb.size());
  detail::require_shape("gray", gray.size(), plan.size);
  detail::require_apart("gray", gray, rgb);
  return detail::filter_by_rows(rgb, gray, plan, band_rows, "grayscale", options);
}

}  // namespace

template <class T>
detail::row_plan<T, T> detail::gray_plan(const shape& in) {
  require_shape("rgb", in, {in.width, in.height, 3});
  const shape size{in.width, in.height, 1};
  return plan_of_taps<T, T>(size, reach::square(0), {}, [width = in.width](const T* const* taps, T* row) {
    gray_row(taps[0], row, width);
  });
}

template detail::row_plan<std::uint8_t, std::uint8_t> detail::gray_plan(const shape&);
template detail::row_plan<std::uint16_t, std::uint16_t> detail::gray_plan(const shape&);
template detail::row_plan<float, float> detail::gray_plan(const shape&);

loop_result grayscale(view<const std::uint8_t> rgb, view<std::uint8_t> gray, const loop_options& options) {
  return gray_frame(rgb, gray, options);
}

loop_result grayscale(view<const std::uint16_t> rgb, view<std::uint16_t> gray, const loop_options& options) {
  return gray_frame(rgb, gray, options);
}

loop_result grayscale(view<const float> rgb, view<float> gray, const loop_options& options) {
  return gray_frame(rgb, gray, options);
}

}  // namespace polyloop::frames
