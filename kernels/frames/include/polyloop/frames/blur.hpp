#pragma once

#include <cstdint>
#include <optional>

#include "polyloop/frames/border.hpp"
#include "polyloop/frames/view.hpp"
#include "polyloop/frames/window.hpp"
#include "polyloop/loop_options.hpp"

/// Filters that blur, and the one that sharpens by a blur. What they have in
/// common with all filters is in filters.hpp.
namespace polyloop::frames {

/// A Gaussian kernel: weights exp(-k^2 / (2 sigma^2)) for k = -radius .. radius,
/// scaled to a sum of 1.
struct gaussian {
  /// Standard deviation in pixels: positive and finite.
  double sigma = 1.0;
  /// Pixels on each side, 0 to most_blur_radius; ceil(3 sigma) if left out.
  std::optional<index_t> radius = {};
  border edge = {};
};

/// The largest radius of a blur, given or by ceil(3 sigma).
inline constexpr index_t most_blur_radius = 1024;

/// Gaussian blur, channel by channel, of 1 to 4 channels. The kernel may be
/// larger than the frame.
///
/// Separable: columns, then rows, 2 (radius + 1) multiplications a sample.
/// float: each pass adds the centre, then the pairs (-k, +k) outwards.
///
/// 8 bit, radius <= 32: integers of 16 bits. With n = radius + 1 products in a
/// pass, p the centre or a pair (-k, +k), W its weight, all rounding down:
///
///     columns: v = n / 2      + sum of (128 p W) / 2^16
///     rows:    (n / 2 + 64    + sum of (p W) / 2^16) / 128
///
/// so that v has 7 fractional bits, and n / 2 is what rounding down takes away on average. The
/// weights are multiples of 2^-16, rounded cumulatively from the outermost inwards, so that their
/// errors do not add up; the centre gets the rest, at most 1 - 2^-16. Within 1 of the exact blur for
/// radius <= 24. A constant frame stays as it is.
///
/// 8 bit of a larger radius, and 16 bit: both passes in float as above, then rounded to nearest, ties to
/// even.
///
/// OpenCV rounds the weights of 8-bit blurs to multiples of 1/256 and nothing
/// else: the results differ by at most 1 where neighbouring samples are alike,
/// as in pictures.
///
/// Both frames have the same shape. O(samples * radius). Throws
/// invalid_argument for sigma, radius, channels, shapes or overlap.
loop_result gaussian_blur(view<const std::uint8_t> in, view<std::uint8_t> out, const gaussian& kernel,
                          const loop_options& options = {});
loop_result gaussian_blur(view<const std::uint16_t> in, view<std::uint16_t> out, const gaussian& kernel,
                          const loop_options& options = {});
loop_result gaussian_blur(view<const float> in, view<float> out, const gaussian& kernel,
                          const loop_options& options = {});

/// The mean of a window, channel by channel, of 1 to 4 channels; both frames have the same shape.
///
/// 8 and 16 bit: sums of integers. Windows of at most 256 pixels of 8 bits: floor((sum + area / 2) / area),
/// with area / 2 rounded down. Else: the sum as a float, times the float 1 / area, rounded to nearest, ties
/// to even. Equal to OpenCV's for windows of an odd area up to 256, else within 1. float: sums in a fixed
/// order, times 1 / area; the time grows with the height.
///
/// O(samples * log(width)). Throws invalid_argument for the window, width * height > 65537, channels, shapes
/// or overlap.
loop_result box_blur(view<const std::uint8_t> in, view<std::uint8_t> out, const window& of = {},
                     const loop_options& options = {});
loop_result box_blur(view<const std::uint16_t> in, view<std::uint16_t> out, const window& of = {},
                     const loop_options& options = {});
loop_result box_blur(view<const float> in, view<float> out, const window& of = {},
                     const loop_options& options = {});

/// The most that an unsharp mask adds.
inline constexpr double most_unsharp_amount = 31;

/// An unsharp mask: a blur, and how much of the difference to it is added.
struct unsharp {
  gaussian blur = {};
  /// 0 to most_unsharp_amount.
  double amount = 1;
};

/// in + amount * (in - blurred), cut to the range of the samples; channel by channel, of 1 to 4 channels.
/// Both frames have the same shape.
///
/// 8 bit, radius <= 32: blurred is the 8-bit Gaussian blur, amount a multiple of 1/1024, and the product is
/// rounded to nearest; within 1 + amount of the same in OpenCV, whose blur may be 1 apart. Else: the float
/// sums of the blur, which are not rounded in between. O(samples * radius). Throws invalid_argument for
/// amount, and as gaussian_blur does.
loop_result unsharp_mask(view<const std::uint8_t> in, view<std::uint8_t> out, const unsharp& how = {},
                         const loop_options& options = {});
loop_result unsharp_mask(view<const std::uint16_t> in, view<std::uint16_t> out, const unsharp& how = {},
                         const loop_options& options = {});
loop_result unsharp_mask(view<const float> in, view<float> out, const unsharp& how = {},
                         const loop_options& options = {});

/// The largest radius of a bilateral filter, and its least sigmas.
inline constexpr index_t most_bilateral_radius = 64;
inline constexpr double least_bilateral_sigma = 1e-6;

/// A disc of pixels, and how their weights fall with the distance in the frame and in value.
struct bilateral {
  /// 0 to most_bilateral_radius pixels; OpenCV's d is twice that and 1.
  index_t radius = 2;
  /// In units of the samples: at least least_bilateral_sigma, finite.
  double sigma_range = 30;
  /// In pixels: at least least_bilateral_sigma, finite.
  double sigma_space = 2;
  border edge = {};
};

/// A blur that stops at edges: the mean of the pixels at most `radius` away, weighed by
///
///     exp(-distance^2 / (2 sigma_space^2) - difference^2 / (2 sigma_range^2))
///
/// where the difference is the sum over the channels (1 to 4) of |sample - centre|. Weights below 2^-126
/// count as that. Both frames have the same shape.
///
/// In float, row by row from the upper left; the exponentials are within 2^-12. To integers rounded to
/// nearest, ties to even. 8 bit with sigma_range of 8 to 1000, where the weights by distance alone come to at
/// most 32: the weights are whole numbers whose sum is below 2^16, within 0.3 % or 1, and the sums exact.
/// Within 1 of OpenCV's for 8 bit. O(pixels * radius^2). Throws invalid_argument for radius, sigmas,
/// channels, shapes or overlap. (C. Tomasi, R. Manduchi, "Bilateral filtering for gray and color images",
/// 1998.)
loop_result bilateral_filter(view<const std::uint8_t> in, view<std::uint8_t> out, const bilateral& how = {},
                             const loop_options& options = {});
loop_result bilateral_filter(view<const std::uint16_t> in, view<std::uint16_t> out, const bilateral& how = {},
                             const loop_options& options = {});
loop_result bilateral_filter(view<const float> in, view<float> out, const bilateral& how = {},
                             const loop_options& options = {});

}  // namespace polyloop::frames
