#include "polyloop/frames/gradient.hpp"

#include "check.hpp"
#include "row_chain.hpp"
#include "row_plans.hpp"
#include "simd/gradients.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;

template <class T>
using rows_of = detail::gradient_rows<T>;

template <class T>
rows_of<T> rows() {
  return detail::rows_for<detail::gradient_rows, T>(detail::gradients);
}

template <class T, class Out>
using along_of = typename rows_of<T>::template along<Out>;

/// What is made of the sums along a row.
template <class T, class Out>
struct plain_pass {
  using sum = typename rows_of<T>::sum;
  along_of<T, Out> along;
  shape size;

  void operator()(sum* const* lines, const T* const*, Out* row) const {
    along(lines[0], lines[1], size.channels, size.row_samples(), row);
  }
};

template <class T, class Out>
struct pass_around_cache : plain_pass<T, Out> {
  along_of<T, Out> along_around;

  void around_cache(typename rows_of<T>::sum* const* lines, Out* row) const {
    along_around(lines[0], lines[1], this->size.channels, this->size.row_samples(), row);
  }
};

/// An operator of 3 x 3: its sums over columns, and what it makes of them along a row.
template <class T, class Out, class Pass>
detail::row_plan<T, Out> plan(const border& edge, typename rows_of<T>::columns columns, const Pass& pass) {
  using sum = typename rows_of<T>::sum;
  detail::require_channels(pass.size.channels);
  return detail::plan_of_passes<sum, T, Out>(
      {pass.size, edge, detail::reach::square(1), 2},
      [columns] {
        return [columns](const T* const* taps, index_t count, sum* const* lines) {
          columns(taps, count, lines[0], lines[1]);
        };
      },
      [pass] { return pass; });
}

template <class T, class Out>
loop_result operate(const view<const T>& in, const view<Out>& out, const detail::row_plan<T, Out>& by,
                    const char* label, const loop_options& options) {
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  return detail::filter_by_rows(in, out, by, band_rows, label, options);
}

template <class T, class Out>
loop_result linear(const view<const T>& in, const view<Out>& out, detail::gradient_kind kind,
                   const border& edge, const char* label, const loop_options& options) {
  return operate(in, out, detail::gradient_plan<T, Out>(in.size(), kind, edge), label, options);
}

template <class T, class Out>
loop_result dx(const view<const T>& in, const view<Out>& out, const border& edge,
               const loop_options& options) {
  return linear(in, out, detail::gradient_kind::dx, edge, "sobel_dx", options);
}

template <class T, class Out>
loop_result dy(const view<const T>& in, const view<Out>& out, const border& edge,
               const loop_options& options) {
  return linear(in, out, detail::gradient_kind::dy, edge, "sobel_dy", options);
}

template <class T, class Out>
loop_result l1(const view<const T>& in, const view<Out>& out, const border& edge,
               const loop_options& options) {
  return linear(in, out, detail::gradient_kind::l1, edge, "sobel_l1", options);
}

template <class T, class Out>
loop_result magnitude(const view<const T>& in, const view<Out>& out, const border& edge,
                      const loop_options& options) {
  return operate(in, out, detail::magnitude_plan<T, Out>(in.size(), edge), "sobel_magnitude", options);
}

template <class T, class Out>
loop_result laplace(const view<const T>& in, const view<Out>& out, laplace_form form, const border& edge,
                    const loop_options& options) {
  using enum detail::gradient_kind;
  return linear(in, out, form == laplace_form::cross ? laplace_cross : laplace_corners, edge, "laplacian",
                options);
}

}  // namespace

template <class In, class Out>
detail::row_plan<In, Out> detail::gradient_plan(const shape& in, gradient_kind kind, const border& edge) {
  const rows_of<In> all = rows<In>();
  const typename rows_of<In>::columns columns[] = {all.smoothed, all.differences, all.sobel, all.neighbours,
                                                   all.neighbours};
  const along_of<In, Out> along[] = {all.dx, all.dy, all.l1, all.laplace4, all.laplace8};
  const auto number = static_cast<std::size_t>(kind);
  return plan<In, Out>(edge, columns[number], plain_pass<In, Out>{along[number], in});
}

template <class In, class Out>
detail::row_plan<In, Out> detail::magnitude_plan(const shape& in, const border& edge) {
  const rows_of<In> all = rows<In>();
  if constexpr (std::is_same_v<Out, float>)
    return plan<In, Out>(edge, all.sobel,
                         pass_around_cache<In, Out>{{all.magnitude, in}, all.magnitude_around_cache});
  else
    return plan<In, Out>(edge, all.sobel, plain_pass<In, Out>{all.magnitude_sample, in});
}

template detail::row_plan<std::uint8_t, std::int16_t> detail::gradient_plan(const shape&, gradient_kind,
                                                                            const border&);
template detail::row_plan<std::uint16_t, float> detail::gradient_plan(const shape&, gradient_kind,
                                                                      const border&);
template detail::row_plan<float, float> detail::gradient_plan(const shape&, gradient_kind, const border&);
template detail::row_plan<std::uint8_t, std::uint8_t> detail::magnitude_plan(const shape&, const border&);
template detail::row_plan<std::uint8_t, float> detail::magnitude_plan(const shape&, const border&);
template detail::row_plan<std::uint16_t, std::uint16_t> detail::magnitude_plan(const shape&, const border&);
template detail::row_plan<std::uint16_t, float> detail::magnitude_plan(const shape&, const border&);
template detail::row_plan<float, float> detail::magnitude_plan(const shape&, const border&);

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
