#include "polyloop/frames/gradient.hpp"

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "row_writer.hpp"
#include "simd/gradients.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;

template <class T>
using rows_of = detail::gradient_rows<T>;

/// An operator of 3 x 3: its sums over columns, and what it makes of them along a row. With one line p and q
/// are the same.
template <class T, class Out>
loop_result operate(const view<const T>& in, const view<Out>& out, typename rows_of<T>::columns columns,
                    typename rows_of<T>::template along<Out> along, const border& edge, const char* label,
                    const loop_options& options, std::size_t line_count = 2) {
  using sum = typename rows_of<T>::sum;
  detail::require_channels(in.channels());
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  return detail::for_bands(in.size(), band_rows, label, options, [=](extent rows) {
    detail::row_writer<Out> to(out);
    detail::filter_band<sum>(
        in, edge, detail::reach::square(1), line_count, rows,
        [&](const T* const* taps, index_t count, sum* const* lines) {
          columns(taps, count, lines[0], lines[line_count - 1]);
        },
        [&](sum* const* lines, index_t y) {
          to.write(y, [&](Out* row) {
            along(lines[0], lines[line_count - 1], in.channels(), in.size().row_samples(), row);
          });
        });
  });
}

template <class T>
rows_of<T> rows() {
  return detail::rows_for<detail::gradient_rows, T>(detail::gradients);
}

template <class T, class Out>
loop_result dx(const view<const T>& in, const view<Out>& out, const border& edge,
               const loop_options& options) {
  return operate<T, Out>(in, out, rows<T>().smoothed, rows<T>().dx, edge, "sobel_dx", options, 1);
}

template <class T, class Out>
loop_result dy(const view<const T>& in, const view<Out>& out, const border& edge,
               const loop_options& options) {
  return operate<T, Out>(in, out, rows<T>().differences, rows<T>().dy, edge, "sobel_dy", options, 1);
}

template <class T, class Out>
loop_result l1(const view<const T>& in, const view<Out>& out, const border& edge,
               const loop_options& options) {
  return operate<T, Out>(in, out, rows<T>().sobel, rows<T>().l1, edge, "sobel_l1", options);
}

template <class T, class Out>
loop_result magnitude(const view<const T>& in, const view<Out>& out, const border& edge,
                      const loop_options& options) {
  const rows_of<T> all = rows<T>();
  if constexpr (std::is_same_v<T, Out>)
    return operate<T, Out>(in, out, all.sobel, all.magnitude_sample, edge, "sobel_magnitude", options);
  else
    return operate<T, Out>(in, out, all.sobel, all.magnitude, edge, "sobel_magnitude", options);
}

template <class T, class Out>
loop_result laplace(const view<const T>& in, const view<Out>& out, laplace_form form, const border& edge,
                    const loop_options& options) {
  const rows_of<T> all = rows<T>();
  return operate<T, Out>(in, out, all.neighbours, form == laplace_form::cross ? all.laplace4 : all.laplace8,
                         edge, "laplacian", options);
}

}  // namespace

loop_result sobel_dx(view<const std::uint8_t> in, view<std::int16_t> out, const border& edge,
                     const loop_options& options) {
  return dx(in, out, edge, options);
}
loop_result sobel_dx(view<const std::uint16_t> in, view<float> out, const border& edge,
                     const loop_options& options) {
  return dx(in, out, edge, options);
}
loop_result sobel_dx(view<const float> in, view<float> out, const border& edge, const loop_options& options) {
  return dx(in, out, edge, options);
}

loop_result sobel_dy(view<const std::uint8_t> in, view<std::int16_t> out, const border& edge,
                     const loop_options& options) {
  return dy(in, out, edge, options);
}
loop_result sobel_dy(view<const std::uint16_t> in, view<float> out, const border& edge,
                     const loop_options& options) {
  return dy(in, out, edge, options);
}
loop_result sobel_dy(view<const float> in, view<float> out, const border& edge, const loop_options& options) {
  return dy(in, out, edge, options);
}

loop_result sobel_l1(view<const std::uint8_t> in, view<std::int16_t> out, const border& edge,
                     const loop_options& options) {
  return l1(in, out, edge, options);
}
loop_result sobel_l1(view<const std::uint16_t> in, view<float> out, const border& edge,
                     const loop_options& options) {
  return l1(in, out, edge, options);
}
loop_result sobel_l1(view<const float> in, view<float> out, const border& edge, const loop_options& options) {
  return l1(in, out, edge, options);
}

loop_result sobel_magnitude(view<const std::uint8_t> in, view<float> out, const border& edge,
                            const loop_options& options) {
  return magnitude(in, out, edge, options);
}
loop_result sobel_magnitude(view<const std::uint16_t> in, view<float> out, const border& edge,
                            const loop_options& options) {
  return magnitude(in, out, edge, options);
}
loop_result sobel_magnitude(view<const float> in, view<float> out, const border& edge,
                            const loop_options& options) {
  return magnitude(in, out, edge, options);
}
loop_result sobel_magnitude(view<const std::uint8_t> in, view<std::uint8_t> out, const border& edge,
                            const loop_options& options) {
  return magnitude(in, out, edge, options);
}
loop_result sobel_magnitude(view<const std::uint16_t> in, view<std::uint16_t> out, const border& edge,
                            const loop_options& options) {
  return magnitude(in, out, edge, options);
}

loop_result laplacian(view<const std::uint8_t> in, view<std::int16_t> out, laplace_form form,
                      const border& edge, const loop_options& options) {
  return laplace(in, out, form, edge, options);
}
loop_result laplacian(view<const std::uint16_t> in, view<float> out, laplace_form form, const border& edge,
                      const loop_options& options) {
  return laplace(in, out, form, edge, options);
}
loop_result laplacian(view<const float> in, view<float> out, laplace_form form, const border& edge,
                      const loop_options& options) {
  return laplace(in, out, form, edge, options);
}

}  // namespace polyloop::frames
