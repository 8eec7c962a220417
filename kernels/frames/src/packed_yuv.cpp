#include "packed_yuv.hpp"

#include <algorithm>

#include "check.hpp"

namespace polyloop::frames::detail {

namespace {

void require_even(const shape& rgb) {
  if (rgb.width % 2 != 0) polyloop::detail::throw_invalid("width", rgb.width, "an even number of pixels");
  if (rgb.height % 2 != 0) polyloop::detail::throw_invalid("height", rgb.height, "an even number of rows");
}

/// U and V of a picture, as frames.
struct chroma {
  explicit chroma(const shape& rgb) : u({rgb.width / 2, rgb.height / 2}), v(u.size()) {}
  image<std::uint8_t> u;
  image<std::uint8_t> v;
};

/// Row k of the chroma: those of U, then those of V.
template <class T>
T* chroma_row(const view<T>& packed, const shape& rgb, index_t k) {
  return packed.row(rgb.height + k / 2) + k % 2 * (rgb.width / 2);
}

std::uint8_t* chroma_row(chroma& of, index_t k) {
  const index_t rows = of.u.size().height;
  return k < rows ? of.u.row(k) : of.v.row(k - rows);
}

}  // namespace

shape packed_yuv_shape(const shape& rgb) {
  return {rgb.width, rgb.height + rgb.height / 2, 1};
}
shape rgb_shape(const shape& packed) {
  return {packed.width, packed.height - packed.height / 3, 3};
}

loop_result rgb_to_packed_yuv(const view<const std::uint8_t>& rgb, const view<std::uint8_t>& packed,
                              const yuv_format& format, const loop_options& options) {
  const shape& size = rgb.size();
  require_even(size);
  require_shape("rgb", size, {size.width, size.height, 3});
  require_shape("out", packed.size(), packed_yuv_shape(size));
  require_apart("out", packed, rgb);
  chroma planes(size);
  const view<std::uint8_t> luma(packed.data(), {size.width, size.height}, packed.stride());
  const loop_result result = rgb_to_yuv420(rgb, {luma, planes.u, planes.v}, format, options);
  if (result.finished())
    for (index_t k = 0; k < size.height; ++k)
      std::copy_n(chroma_row(planes, k), size.width / 2, chroma_row(packed, size, k));
  return result;
}

loop_result packed_yuv_to_rgb(const view<const std::uint8_t>& packed, const view<std::uint8_t>& rgb,
                              const yuv_format& format, const loop_options& options) {
  const shape size = rgb_shape(packed.size());
  require_even(size);
  require_shape("in", packed.size(), packed_yuv_shape(size));
  require_shape("out", rgb.size(), size);
  require_apart("out", rgb, packed);
  chroma planes(size);
  for (index_t k = 0; k < size.height; ++k)
    std::copy_n(chroma_row(packed, size, k), size.width / 2, chroma_row(planes, k));
  const view<const std::uint8_t> luma(packed.data(), {size.width, size.height}, packed.stride());
  return yuv420_to_rgb({luma, planes.u.pixels(), planes.v.pixels()}, rgb, format, options);
}

}  // namespace polyloop::frames::detail
