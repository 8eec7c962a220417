#include "row_plans.hpp"

#include "check.hpp"
#include "gaussian_kernel.hpp"
#include "moving.hpp"
#include "simd/medians.hpp"
#include "simd/points.hpp"
#include "simd/weighing.hpp"

namespace polyloop::frames::detail {

namespace {

/// The two passes of a blur, by weights that all bands share.
template <class Mid, class T, class Columns, class Along, class Weights>
row_plan<T, T> blur_plan(const shape& in, const border& edge, Columns columns, Along along,
                         const Weights& weights) {
  const auto shared = std::make_shared<const Weights>(weights);
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  return plan_of_passes<Mid, T, T>(
      {in, edge, reach::square(radius), 1},
      [columns, shared] {
        return [columns, shared](const T* const* taps, index_t count, Mid* const* lines) {
          columns(taps, 1, *shared, count, lines);
        };
      },
      [along, shared, in] {
        return [along, shared, in](Mid* const* lines, const T* const*, T* row) {
          along(lines[0], *shared, in.channels, in.row_samples(), row);
        };
      });
}

}  // namespace

template <class T>
row_plan<T, T> gaussian_plan(const shape& in, const gaussian& kernel) {
  require_channels(in.channels);
  if constexpr (std::is_same_v<T, std::uint8_t>)
    if (radius_of(kernel) <= most_narrow_radius) {
      const narrow_rows pass = narrow_weighing();
      return blur_plan<std::uint16_t, T>(in, kernel.edge, pass.columns, pass.along,
                                         weights_of<std::uint16_t>(kernel));
    }
  const auto pass = rows_for<float_rows, T>(float_weighing);
  return blur_plan<float, T>(in, kernel.edge, pass.columns, pass.along, weights_of<float>(kernel));
}

template <class T>
row_plan<T, T> extreme_plan(const shape& in, const window& of, bool most) {
  require_window(of);
  require_channels(in.channels);
  const auto pass = rows_for<extreme_rows, T>(most ? greatest : least);
  const reach r = reach_of(of);
  return plan_of_passes<T, T, T>(
      {in, of.edge, r, 1}, [pass, of, in] { return extreme_columns<T>(pass, of.height, in.row_samples()); },
      [pass, of, in, r] {
        return [pass, of, in, r](T* const* lines, const T* const*, T* row) {
          pass.along(lines[0] - r.left * in.channels, nullptr, of.width, in.channels, in.row_samples(), row);
        };
      });
}

template <class T>
row_plan<T, T> small_median_plan(const shape& in, index_t radius, const border& edge) {
  require_channels(in.channels);
  const auto pass = rows_for<median_rows, T>(medians);
  const auto columns = radius == 1 ? pass.columns3 : pass.columns5;
  const auto along = radius == 1 ? pass.along3 : pass.along5;
  return plan_of_passes<T, T, T>(
      {in, edge, reach::square(radius), static_cast<std::size_t>(2 * radius + 1)},
      [columns] { return columns; },
      [along, in] {
        return [along, in](T* const* lines, const T* const*, T* row) {
          along(lines, in.channels, in.row_samples(), row);
        };
      });
}

template <class T>
row_plan<T, T> threshold_plan(const shape& in, const threshold_at<T>& how) {
  const auto row_of = rows_for<point_rows, T>(points).threshold;
  return plan_of_taps<T, T>(in, reach::square(0), {},
                            [row_of, how, count = in.row_samples()](const T* const* taps, T* row) {
                              row_of(taps[0], how, count, row);
                            });
}

template row_plan<std::uint8_t, std::uint8_t> gaussian_plan(const shape&, const gaussian&);
template row_plan<std::uint16_t, std::uint16_t> gaussian_plan(const shape&, const gaussian&);
template row_plan<float, float> gaussian_plan(const shape&, const gaussian&);
template row_plan<std::uint8_t, std::uint8_t> extreme_plan(const shape&, const window&, bool);
template row_plan<std::uint16_t, std::uint16_t> extreme_plan(const shape&, const window&, bool);
template row_plan<float, float> extreme_plan(const shape&, const window&, bool);
template row_plan<std::uint8_t, std::uint8_t> small_median_plan(const shape&, index_t, const border&);
template row_plan<std::uint16_t, std::uint16_t> small_median_plan(const shape&, index_t, const border&);
template row_plan<float, float> small_median_plan(const shape&, index_t, const border&);
template row_plan<std::uint8_t, std::uint8_t> threshold_plan(const shape&, const threshold_at<std::uint8_t>&);
template row_plan<std::uint16_t, std::uint16_t> threshold_plan(const shape&,
                                                               const threshold_at<std::uint16_t>&);
template row_plan<float, float> threshold_plan(const shape&, const threshold_at<float>&);

}  // namespace polyloop::frames::detail
