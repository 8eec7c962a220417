#include <cmath>
#include <numbers>

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "polyloop/frames/blur.hpp"
#include "row_writer.hpp"
#include "simd/bilateral_rows.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;

/// Rows around the one that is made, as floats, with the channels apart and the pixels beyond the border
/// around them.
template <class T>
class split_rows {
 public:
  split_rows(const view<const T>& in, const bilateral& how)
      : width_(in.width()),
        channels_(in.channels()),
        radius_(how.radius),
        mode_(how.edge.mode),
        constant_(detail::to_sample<T>(how.edge.value)),
        source_(in, how.edge),
        split_(detail::rows_for<detail::bilateral_rows, T>(detail::bilateral).split),
        planes_(static_cast<std::size_t>((2 * radius_ + 1) * channels_), width_, radius_) {}

  void fetch(index_t y) {
    float* const* const own = planes(y);
    split_(source_.row(y), channels_, width_, own);
    const auto beyond = static_cast<float>(constant_);
    for (index_t c = 0; c < channels_; ++c) detail::pad_row(own[c], width_, 1, radius_, mode_, &beyond);
  }

  /// Row y, `pixels` further.
  detail::bilateral_tap at(index_t y, index_t pixels, float space) const {
    detail::bilateral_tap made{{}, space};
    for (index_t c = 0; c < channels_; ++c) made.planes[c] = planes(y)[c] + pixels;
    return made;
  }

 private:
  float* const* planes(index_t y) const {
    const index_t rows = 2 * radius_ + 1;
    return planes_.data() + ((y % rows + rows) % rows) * channels_;
  }

  index_t width_, channels_, radius_;
  border_mode mode_;
  T constant_;
  detail::bordered_rows<T> source_;
  void (*split_)(const T* in, index_t channels, index_t width, float* const* planes);
  detail::scratch_rows<float> planes_;
};

/// The factor of a squared distance in the binary logarithm of exp(-distance^2 / (2 sigma^2)).
double factor_of(double sigma) {
  return -0.5 * std::numbers::log2e / (sigma * sigma);
}

template <class T>
std::vector<detail::bilateral_tap> taps_of(const split_rows<T>& rows, const bilateral& how, index_t y) {
  std::vector<detail::bilateral_tap> made;
  for (index_t dy = -how.radius; dy <= how.radius; ++dy)
    for (index_t dx = -how.radius; dx <= how.radius; ++dx) {
      const index_t squared = dx * dx + dy * dy;
      if (squared > how.radius * how.radius) continue;
      made.push_back(
          rows.at(y + dy, dx, static_cast<float>(factor_of(how.sigma_space) * static_cast<double>(squared))));
    }
  return made;
}

template <class T>
void filter_rows(const view<const T>& in, const view<T>& out, const bilateral& how, extent rows) {
  const auto apply = detail::rows_for<detail::bilateral_rows, T>(detail::bilateral).apply;
  const auto range = static_cast<float>(factor_of(how.sigma_range));
  split_rows<T> source(in, how);
  detail::row_writer<T> to(out);
  for (index_t y = rows.begin - how.radius; y < rows.begin + how.radius; ++y) source.fetch(y);
  for (index_t y = rows.begin; y < rows.end; ++y) {
    source.fetch(y + how.radius);
    const auto taps = taps_of(source, how, y);
    to.write(y, [&](T* row) { apply(taps, source.at(y, 0, 0), range, in.channels(), in.width(), row); });
  }
}

void check(const bilateral& how) {
  if (how.radius < 0 || how.radius > most_bilateral_radius)
    polyloop::detail::throw_invalid("radius", how.radius,
                                    "0 to " + std::to_string(most_bilateral_radius) + " pixels");
  const auto require_sigma = [](const char* name, double sigma) {
    if (!(sigma >= least_bilateral_sigma && std::isfinite(sigma)))
      throw invalid_argument(name, std::to_string(sigma), "a finite number from 1e-6 on");
  };
  require_sigma("sigma_range", how.sigma_range);
  require_sigma("sigma_space", how.sigma_space);
}

template <class T>
loop_result bilateral_frame(const view<const T>& in, const view<T>& out, const bilateral& how,
                            const loop_options& options) {
  check(how);
  detail::require_channels(in.channels());
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  return detail::for_bands(in.size(), band_rows, "bilateral_filter", options,
                           [=](extent rows) { filter_rows(in, out, how, rows); });
}

}  // namespace

loop_result bilateral_filter(view<const std::uint8_t> in, view<std::uint8_t> out, const bilateral& how,
                             const loop_options& options) {
  return bilateral_frame(in, out, how, options);
}

loop_result bilateral_filter(view<const std::uint16_t> in, view<std::uint16_t> out, const bilateral& how,
                             const loop_options& options) {
  return bilateral_frame(in, out, how, options);
}

loop_result bilateral_filter(view<const float> in, view<float> out, const bilateral& how,
                             const loop_options& options) {
  return bilateral_frame(in, out, how, options);
}

}  // namespace polyloop::frames
