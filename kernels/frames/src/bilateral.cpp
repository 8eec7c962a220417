#include <algorithm>
#include <cmath>
#include <numbers>

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "polyloop/frames/blur.hpp"
#include "row_writer.hpp"
#include "simd/bilateral_rows.hpp"
#include "simd/narrow_bilateral.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 32;
// Of the sum of distances' weights, for a weight of the centre of some thousands; of the differences' sigma,
// for a square of it that has the bits.
constexpr double most_narrow_sum = 32;
constexpr double least_narrow_sigma = 8;
constexpr double most_narrow_sigma = 1000;

/// Rows around the one that is made, as numbers of Number, with the channels apart and the pixels beyond the
/// border around them.
template <class T, class Number>
class split_rows {
 public:
  using split_function = void (*)(const T* in, index_t channels, index_t width, Number* const* planes);

  split_rows(const view<const T>& in, const bilateral& how, split_function split)
      : width_(in.width()),
        channels_(in.channels()),
        radius_(how.radius),
        mode_(how.edge.mode),
        constant_(detail::to_sample<T>(how.edge.value)),
        source_(in, how.edge),
        split_(split),
        planes_(static_cast<std::size_t>((2 * radius_ + 1) * channels_), width_, radius_) {}

  void fetch(index_t y) {
    Number* const* const own = planes(y);
    split_(source_.row(y), channels_, width_, own);
    const auto beyond = static_cast<Number>(constant_);
    for (index_t c = 0; c < channels_; ++c) detail::pad_row(own[c], width_, 1, radius_, mode_, &beyond);
  }

  /// Row y, `pixels` further.
  template <class Tap>
  Tap at(index_t y, index_t pixels, decltype(Tap::decay) decay) const {
    Tap made{{}, decay};
    for (index_t c = 0; c < channels_; ++c) made.planes[c] = planes(y)[c] + pixels;
    return made;
  }

 private:
  Number* const* planes(index_t y) const {
    const index_t rows = 2 * radius_ + 1;
    return planes_.data() + ((y % rows + rows) % rows) * channels_;
  }

  index_t width_, channels_, radius_;
  border_mode mode_;
  T constant_;
  detail::bordered_rows<T> source_;
  split_function split_;
  detail::scratch_rows<Number> planes_;
};

/// The factor of a squared distance in the binary logarithm of exp(-distance^2 / (2 sigma^2)).
double factor_of(double sigma) {
  return -0.5 * std::numbers::log2e / (sigma * sigma);
}

/// visit(dx, dy, logarithm) for each pixel of the disc, with the binary logarithm of its weight.
template <class Visit>
void over_disc(const bilateral& how, const Visit& visit) {
  for (index_t dy = -how.radius; dy <= how.radius; ++dy)
    for (index_t dx = -how.radius; dx <= how.radius; ++dx) {
      const index_t squared = dx * dx + dy * dy;
      if (squared <= how.radius * how.radius)
        visit(dx, dy, factor_of(how.sigma_space) * static_cast<double>(squared));
    }
}

/// Fills each row by apply(rows, y, row), with the rows that the disc reaches.
template <class Number, class T, class Split, class Apply>
void filter_rows(const view<const T>& in, const view<T>& out, const bilateral& how, extent rows, Split split,
                 const Apply& apply) {
  split_rows<T, Number> source(in, how, split);
  detail::row_writer<T> to(out);
  for (index_t y = rows.begin - how.radius; y < rows.begin + how.radius; ++y) source.fetch(y);
  for (index_t y = rows.begin; y < rows.end; ++y) {
    source.fetch(y + how.radius);
    to.write(y, [&](T* row) { apply(source, y, row); });
  }
}

template <class T>
void wide_band(const view<const T>& in, const view<T>& out, const bilateral& how, extent rows) {
  using tap = detail::bilateral_tap;
  const auto pass = detail::rows_for<detail::bilateral_rows, T>(detail::bilateral);
  const auto range = static_cast<float>(factor_of(how.sigma_range));
  filter_rows<float>(in, out, how, rows, pass.split, [&](const auto& source, index_t y, T* row) {
    std::vector<tap> taps;
    over_disc(how, [&](index_t dx, index_t dy, double logarithm) {
      taps.push_back(source.template at<tap>(y + dy, dx, static_cast<float>(logarithm)));
    });
    pass.apply(taps, source.template at<tap>(y, 0, 0), range, in.channels(), in.width(), row);
  });
}

/// The sum of the weights that distances give.
double sum_of_disc(const bilateral& how) {
  double sum = 0;
  over_disc(how, [&](index_t, index_t, double logarithm) { sum += std::exp2(logarithm); });
  return sum;
}

bool is_narrow(const bilateral& how) {
  return how.sigma_range >= least_narrow_sigma && how.sigma_range <= most_narrow_sigma &&
         sum_of_disc(how) <= most_narrow_sum;
}

// How many times a weight may halve by the difference. At 15 nothing is left of it. More than 15.5 would need
// a square of 17 bits where the steps lose the most to rounding down: at 64.99 of them to 64.
constexpr double most_halvings = 15.4;

/// Beyond the largest difference that it tells apart, a sample has less than a 2^-15th of its weight, or
/// there is none: of four channels differences are at most 1020.
detail::narrow_falling falling_of(double sigma) {
  const double factor = -factor_of(sigma);
  const double most = std::min(std::floor(std::sqrt(most_halvings / factor)), 1020.0);
  const double steps = std::floor(65535 / most);
  const double square = std::round(std::ldexp(factor, 44) / (steps * steps));
  return {static_cast<std::uint16_t>(most), static_cast<std::uint16_t>(steps),
          static_cast<std::uint16_t>(square)};
}

/// In 4096ths of the binary logarithm below 2^15, for weights that come to less than 2^16.
std::uint16_t decay_of(double logarithm, double sum) {
  const double centre = std::min(32767.0, 65000 / sum);
  return static_cast<std::uint16_t>(
      std::clamp(std::round(4096 * (15 - std::log2(centre) - logarithm)), 0.0, 65535.0));
}

void narrow_band(const view<const std::uint8_t>& in, const view<std::uint8_t>& out, const bilateral& how,
                 extent rows) {
  using tap = detail::narrow_tap;
  const auto pass = detail::narrow_bilateral();
  const detail::narrow_falling falling = falling_of(how.sigma_range);
  const double sum = sum_of_disc(how);
  filter_rows<std::uint16_t>(
      in, out, how, rows, pass.split, [&](const auto& source, index_t y, std::uint8_t* row) {
        std::vector<tap> taps;
        over_disc(how, [&](index_t dx, index_t dy, double logarithm) {
          taps.push_back(source.template at<tap>(y + dy, dx, decay_of(logarithm, sum)));
        });
        // A disc is odd. This one weighs nothing.
        taps.push_back(source.template at<tap>(y, 0, 65535));
        pass.apply(taps, source.template at<tap>(y, 0, 0), falling, in.channels(), in.width(), row);
      });
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
  if constexpr (std::is_same_v<T, std::uint8_t>)
    if (is_narrow(how))
      return detail::for_bands(in.size(), band_rows, "bilateral_filter", options,
                               [=](extent rows) { narrow_band(in, out, how, rows); });
  return detail::for_bands(in.size(), band_rows, "bilateral_filter", options,
                           [=](extent rows) { wide_band(in, out, how, rows); });
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
