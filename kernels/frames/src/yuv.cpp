#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "polyloop/frames/colour.hpp"
#include "row_writer.hpp"
#include "simd/yuv_rows.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;  // even: the two rows of a chroma sample are in one band

detail::split_weight split(int weight) {
  const int upper = (weight + 128) >> 8;
  return {static_cast<std::int16_t>(upper), static_cast<std::int16_t>(weight - 256 * upper)};
}

std::size_t row_of(const yuv_format& format) {
  return 2 * static_cast<std::size_t>(format.matrix) + static_cast<std::size_t>(format.range);
}

// Both tables as in the header: BT.601 limited, full, BT.709 limited, full.
detail::to_rgb_weights to_rgb_weights_of(const yuv_format& format) {
  constexpr int table[4][6] = {{298, 16, 409, -100, -208, 516},
                               {256, 0, 359, -88, -183, 454},
                               {298, 16, 459, -55, -136, 541},
                               {256, 0, 403, -48, -120, 475}};
  const auto& w = table[row_of(format)];
  return {static_cast<std::int16_t>(w[1]), split(w[0]), split(w[2]), split(w[3]), split(w[4]), split(w[5])};
}

detail::from_rgb_weights from_rgb_weights_of(const yuv_format& format) {
  constexpr detail::from_rgb_weights table[] = {
      {16, {66, 129, 25}, {-38, -74, 112}, {112, -94, -18}},
      {0, {77, 150, 29}, {-43, -85, 128}, {128, -107, -21}},
      {16, {47, 157, 16}, {-26, -86, 112}, {112, -102, -10}},
      {0, {54, 183, 19}, {-29, -99, 128}, {128, -116, -12}},
  };
  return table[row_of(format)];
}

void to_rgb_band(const yuv_planes& planes, const view<std::uint8_t>& rgb, const detail::to_rgb_weights& by,
                 extent rows) {
  const detail::yuv_rows pass = detail::yuv();
  const detail::scratch_rows<std::int16_t> scratch(6, planes.u.width() * 2, 0);
  std::int16_t* const* const lines = scratch.data();
  const detail::chroma_lines chroma{{lines[0], lines[1], lines[2]}, {lines[3], lines[4], lines[5]}};
  detail::row_writer<std::uint8_t> to(rgb);
  for (index_t y = rows.begin; y < rows.end; ++y) {
    if (y % 2 == 0) pass.chroma(planes.u.row(y / 2), planes.v.row(y / 2), by, rgb.width(), chroma);
    to.write(y, [&](std::uint8_t* row) { pass.to_rgb(planes.y.row(y), chroma, by, rgb.width(), row); });
  }
}

void from_rgb_band(const view<const std::uint8_t>& rgb, const writable_yuv_planes& planes,
                   const detail::from_rgb_weights& by, chroma_siting siting, extent rows) {
  const detail::yuv_rows pass = detail::yuv();
  const auto chroma = siting == chroma_siting::mean ? pass.means : pass.corners;
  for (index_t y = rows.begin; y < rows.end; ++y) {
    pass.luma(rgb.row(y), by, rgb.width(), planes.y.row(y));
    if (y % 2 == 0)
      chroma(rgb.row(y), rgb.row(std::min(y + 1, rgb.height() - 1)), by, rgb.width(), planes.u.row(y / 2),
             planes.v.row(y / 2));
  }
}

shape chroma_of(const shape& luma) {
  return {luma.width / 2 + luma.width % 2, luma.height / 2 + luma.height % 2, 1};
}

void check_shapes(const shape& y, const shape& u, const shape& v, const shape& rgb) {
  detail::require_shape("y", y, {y.width, y.height, 1});
  detail::require_shape("u", u, chroma_of(y));
  detail::require_shape("v", v, chroma_of(y));
  detail::require_shape("rgb", rgb, {y.width, y.height, 3});
}

/// The planes that are written are apart from the pixels that are read, and from each other.
void check_apart(const view<const std::uint8_t>& rgb, const writable_yuv_planes& planes) {
  const auto apart = [](const char* name, const view<std::uint8_t>& out,
                        const view<const std::uint8_t>& other) { detail::require_apart(name, out, other); };
  apart("y", planes.y, rgb);
  apart("u", planes.u, rgb);
  apart("v", planes.v, rgb);
  apart("u", planes.u, planes.y);
  apart("v", planes.v, planes.y);
  apart("v", planes.v, planes.u);
}

}  // namespace

loop_result yuv420_to_rgb(const yuv_planes& planes, view<std::uint8_t> rgb, const yuv_format& format,
                          const loop_options& options) {
  check_shapes(planes.y.size(), planes.u.size(), planes.v.size(), rgb.size());
  for (const auto& plane : {planes.y, planes.u, planes.v}) detail::require_apart("rgb", rgb, plane);
  return detail::for_bands(
      rgb.size(), band_rows, "yuv420_to_rgb", options,
      [planes, rgb, by = to_rgb_weights_of(format)](extent rows) { to_rgb_band(planes, rgb, by, rows); });
}

loop_result yuv420_to_rgb(const yuv_planes& planes, view<std::uint8_t> rgb, const loop_options& options) {
  return yuv420_to_rgb(planes, rgb, yuv_format{}, options);
}

loop_result rgb_to_yuv420(view<const std::uint8_t> rgb, const writable_yuv_planes& planes,
                          const yuv_format& format, const loop_options& options) {
  check_shapes(planes.y.size(), planes.u.size(), planes.v.size(), rgb.size());
  check_apart(rgb, planes);
  return detail::for_bands(rgb.size(), band_rows, "rgb_to_yuv420", options,
                           [rgb, planes, by = from_rgb_weights_of(format), siting = format.siting](
                               extent rows) { from_rgb_band(rgb, planes, by, siting, rows); });
}

}  // namespace polyloop::frames
