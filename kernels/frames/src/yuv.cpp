#include <vector>

#include "bands.hpp"
#include "check.hpp"
#include "polyloop/frames/filters.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;  // even: the two rows of a chroma sample are in one band

std::uint8_t saturated(int value) {
  return static_cast<std::uint8_t>(std::clamp(value >> 8, 0, 255));
}

/// What a row of chroma adds to each of R, G and B, the rounding included.
struct chroma_row {
  explicit chroma_row(index_t width)
      : red(static_cast<std::size_t>(width)), green(red.size()), blue(red.size()) {}

  void load(const std::uint8_t* u, const std::uint8_t* v) {
    for (std::size_t x = 0; x < red.size(); ++x) {
      const int d = u[x] - 128;
      const int e = v[x] - 128;
      red[x] = 409 * e + 128;
      green[x] = -100 * d - 208 * e + 128;
      blue[x] = 516 * d + 128;
    }
  }

  std::vector<int> red;
  std::vector<int> green;
  std::vector<int> blue;
};

void convert_row(const std::uint8_t* luma, const chroma_row& chroma, index_t width, std::uint8_t* rgb) {
  const int* const red = chroma.red.data();
  const int* const green = chroma.green.data();
  const int* const blue = chroma.blue.data();
  for (index_t x = 0; x < width; ++x) {
    const int c = 298 * (luma[x] - 16);
    rgb[3 * x] = saturated(c + red[x / 2]);
    rgb[3 * x + 1] = saturated(c + green[x / 2]);
    rgb[3 * x + 2] = saturated(c + blue[x / 2]);
  }
}

void convert_band(const yuv_planes& planes, const view<std::uint8_t>& rgb, extent rows) {
  chroma_row chroma(planes.u.width());
  for (index_t y = rows.begin; y < rows.end; ++y) {
    if (y % 2 == 0) chroma.load(planes.u.row(y / 2), planes.v.row(y / 2));
    convert_row(planes.y.row(y), chroma, rgb.width(), rgb.row(y));
  }
}

void check_planes(const yuv_planes& planes, const view<std::uint8_t>& rgb) {
  const shape& luma = planes.y.size();
  const shape chroma{luma.width / 2 + luma.width % 2, luma.height / 2 + luma.height % 2, 1};
  detail::require_shape("y", luma, {luma.width, luma.height, 1});
  detail::require_shape("u", planes.u.size(), chroma);
  detail::require_shape("v", planes.v.size(), chroma);
  detail::require_shape("rgb", rgb.size(), {luma.width, luma.height, 3});
  for (const auto& plane : {planes.y, planes.u, planes.v}) detail::require_apart("rgb", rgb, plane);
}

}  // namespace

loop_result yuv420_to_rgb(const yuv_planes& planes, view<std::uint8_t> rgb, const loop_options& options) {
  check_planes(planes, rgb);
  return detail::for_bands(rgb.size(), band_rows, "yuv420_to_rgb", options,
                           [planes, rgb](extent rows) { convert_band(planes, rgb, rows); });
}

}  // namespace polyloop::frames
