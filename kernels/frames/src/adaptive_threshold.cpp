#include <cmath>

#include "check.hpp"
#include "polyloop/frames/adaptive.hpp"
#include "row_chain.hpp"
#include "row_plans.hpp"
#include "simd/comparing.hpp"
#include "window_sums.hpp"

namespace polyloop::frames {

namespace {

void check(const adaptive_mean& how) {
  if (how.side < 1 || how.side > most_window_side || how.side % 2 == 0)
    polyloop::detail::throw_invalid("side", how.side,
                                    "an odd number of pixels, 1 to " + std::to_string(most_window_side));
  if (!std::isfinite(how.below))
    throw invalid_argument("below", std::to_string(how.below), "a finite number");
}

/// Beyond 256 all samples are on one side of their means.
detail::mean_limit limit_of(const adaptive_mean& how) {
  const double below = std::clamp(how.inverted ? std::floor(how.below) : std::ceil(how.below), -256.0, 256.0);
  const std::uint8_t above = how.inverted ? 0 : how.high;
  const std::uint8_t other = how.inverted ? how.high : 0;
  return {static_cast<std::int32_t>(below), above, other};
}

using bytes = const std::uint8_t* const*;

detail::row_plan<std::uint8_t, std::uint8_t> plan_by_means(const shape& in, const window& of,
                                                           const detail::mean_limit& limit) {
  const auto pass = detail::narrow_sums();
  const auto compare = detail::comparing().with_means;
  return detail::plan_of_sums(in, of, pass, [=](const std::uint16_t* sums, bytes taps, std::uint8_t* row) {
    pass.scale(sums, of.width * of.height, in.row_samples(), row);
    compare(taps[of.height / 2], row, limit, in.row_samples(), row);
  });
}

detail::row_plan<std::uint8_t, std::uint8_t> plan_by_sums(const shape& in, const window& of,
                                                          const detail::mean_limit& limit) {
  const auto pass = detail::rows_for<detail::wide_sum_rows, std::uint8_t>(detail::wide_sums);
  const auto compare = detail::comparing().with_sums;
  return detail::plan_of_sums(in, of, pass, [=](const std::uint32_t* sums, bytes taps, std::uint8_t* row) {
    compare(taps[of.height / 2], sums, static_cast<std::int32_t>(of.width * of.height), limit,
            in.row_samples(), row);
  });
}

}  // namespace

detail::row_plan<std::uint8_t, std::uint8_t> detail::adaptive_plan(const shape& in,
                                                                   const adaptive_mean& how) {
  check(how);
  require_shape("in", in, {in.width, in.height, 1});
  const window of{how.side, how.side, how.edge};
  return has_narrow_sums<std::uint8_t>(of) ? plan_by_means(in, of, limit_of(how))
                                           : plan_by_sums(in, of, limit_of(how));
}

loop_result adaptive_threshold(view<const std::uint8_t> in, view<std::uint8_t> out, const adaptive_mean& how,
                               const loop_options& options) {
  const auto plan = detail::adaptive_plan(in.size(), how);
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  const index_t height = detail::window_band_rows({how.side, how.side, {}});
  return detail::filter_by_rows(in, out, plan, height, "adaptive_threshold", options);
}

}  // namespace polyloop::frames
