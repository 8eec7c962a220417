#include <cmath>
#include <type_traits>
#include <vector>

#include "bands.hpp"
#include "check.hpp"
#include "polyloop/frames/filters.hpp"

/// Both operators are separable and share their column sums: a row of
/// a + 2b + c (smoothed) and one of c - a (differences), then three taps along
/// the row on each.
namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 8;

/// Column sums of 8-bit rows reach +-1020; of float rows they are float.
template <class T>
using column_sum = std::conditional_t<std::is_integral_v<T>, std::int16_t, float>;

/// The column sums of a row, with a pixel to spare on both sides.
template <class Sum>
struct column_sums {
  explicit column_sums(index_t width)
      : smoothed(static_cast<std::size_t>(width + 2)), differences(smoothed.size()) {}

  /// The outermost pixels repeated: so are their sums.
  void replicate_ends() {
    for (std::vector<Sum>* row : {&smoothed, &differences}) {
      row->front() = (*row)[1];
      row->back() = (*row)[row->size() - 2];
    }
  }

  std::vector<Sum> smoothed;
  std::vector<Sum> differences;
};

template <class T, class Sum>
void sum_columns(const T* above, const T* here, const T* below, index_t width, Sum* smoothed,
                 Sum* differences) {
  for (index_t x = 0; x < width; ++x) {
    smoothed[x] = static_cast<Sum>(above[x] + 2 * here[x] + below[x]);
    differences[x] = static_cast<Sum>(below[x] - above[x]);
  }
}

template <class Out, class Number>
Out magnitude(Number gx, Number gy) {
  // Of integers the sum of squares is below 2^24: exact as a float.
  const float root = std::sqrt(static_cast<float>(gx * gx + gy * gy));
  if constexpr (std::is_floating_point_v<Out>) {
    return root;
  } else {
    return static_cast<Out>(std::min(root + 0.5F, 255.0F));
  }
}

/// Sums have one pixel before and after the row.
template <class Sum, class Out>
void magnitude_row(const Sum* smoothed, const Sum* differences, index_t width, Out* out) {
  for (index_t x = 0; x < width; ++x) {
    const auto gx = smoothed[x + 2] - smoothed[x];
    const auto gy = differences[x] + 2 * differences[x + 1] + differences[x + 2];
    out[x] = magnitude<Out>(gx, gy);
  }
}

template <class In, class Out>
void sobel_band(const view<const In>& in, const view<Out>& out, extent rows) {
  column_sums<column_sum<In>> sums(in.width());
  for (index_t y = rows.begin; y < rows.end; ++y) {
    sum_columns(detail::replicated_row(in, y - 1), in.row(y), detail::replicated_row(in, y + 1), in.width(),
                sums.smoothed.data() + 1, sums.differences.data() + 1);
    sums.replicate_ends();
    magnitude_row(sums.smoothed.data(), sums.differences.data(), in.width(), out.row(y));
  }
}

template <class In, class Out>
loop_result sobel_frame(view<const In> in, view<Out> out, const loop_options& options) {
  detail::require_shape("in", in.size(), {in.width(), in.height(), 1});
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  return detail::for_bands(in.size(), band_rows, "sobel_magnitude", options,
                           [in, out](extent rows) { sobel_band(in, out, rows); });
}

}  // namespace

loop_result sobel_magnitude(view<const std::uint8_t> in, view<float> out, const loop_options& options) {
  return sobel_frame(in, out, options);
}

loop_result sobel_magnitude(view<const float> in, view<float> out, const loop_options& options) {
  return sobel_frame(in, out, options);
}

loop_result sobel_magnitude(view<const std::uint8_t> in, view<std::uint8_t> out,
                            const loop_options& options) {
  return sobel_frame(in, out, options);
}

}  // namespace polyloop::frames
