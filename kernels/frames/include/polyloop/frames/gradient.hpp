#pragma once

#include <cstdint>

#include "polyloop/frames/border.hpp"
#include "polyloop/frames/view.hpp"
#include "polyloop/loop_options.hpp"

/// Filters that look for edges. What they have in common with all filters is in filters.hpp.
namespace polyloop::frames {

/// The gradient by Sobel's 3 x 3 operators, channel by channel, of 1 to 4 channels:
///
///          -1 0 1              -1 -2 -1
///     gx:  -2 0 2         gy:   0  0  0
///          -1 0 1               1  2  1
///
/// not scaled: a step of height 1 has a gradient of 4. Input and output have the same shape. O(samples).
/// 8 and 16 bits: exact (as int16 and as float), and equal to OpenCV's.
/// float: p = (above + 2 here) + below of each column, then gx = p(right) - p(left);
/// q = below - above, then gy = (q(left) + 2 q(here)) + q(right).
/// (I. Sobel, G. Feldman, "A 3x3 isotropic gradient operator", 1968.)
loop_result sobel_dx(view<const std::uint8_t> in, view<std::int16_t> out, const border& edge = {},
                     const loop_options& options = {});
loop_result sobel_dx(view<const std::uint16_t> in, view<float> out, const border& edge = {},
                     const loop_options& options = {});
loop_result sobel_dx(view<const float> in, view<float> out, const border& edge = {},
                     const loop_options& options = {});
loop_result sobel_dy(view<const std::uint8_t> in, view<std::int16_t> out, const border& edge = {},
                     const loop_options& options = {});
loop_result sobel_dy(view<const std::uint16_t> in, view<float> out, const border& edge = {},
                     const loop_options& options = {});
loop_result sobel_dy(view<const float> in, view<float> out, const border& edge = {},
                     const loop_options& options = {});

/// |gx| + |gy|.
loop_result sobel_l1(view<const std::uint8_t> in, view<std::int16_t> out, const border& edge = {},
                     const loop_options& options = {});
loop_result sobel_l1(view<const std::uint16_t> in, view<float> out, const border& edge = {},
                     const loop_options& options = {});
loop_result sobel_l1(view<const float> in, view<float> out, const border& edge = {},
                     const loop_options& options = {});

/// sqrt(gx^2 + gy^2). From 8 bit to float the result is the correctly rounded root; from 16 bit the
/// squares and their sum are rounded too. To integers it is that, rounded to nearest and cut to the range.
loop_result sobel_magnitude(view<const std::uint8_t> in, view<float> out, const border& edge = {},
                            const loop_options& options = {});
loop_result sobel_magnitude(view<const std::uint16_t> in, view<float> out, const border& edge = {},
                            const loop_options& options = {});
loop_result sobel_magnitude(view<const float> in, view<float> out, const border& edge = {},
                            const loop_options& options = {});
loop_result sobel_magnitude(view<const std::uint8_t> in, view<std::uint8_t> out, const border& edge = {},
                            const loop_options& options = {});
loop_result sobel_magnitude(view<const std::uint16_t> in, view<std::uint16_t> out, const border& edge = {},
                            const loop_options& options = {});

/// The form of a Laplacian, by OpenCV's names of their aperture:
///
///     cross (1)    0  1  0        corners (3)    2  0  2
///                  1 -4  1                       0 -8  0
///                  0  1  0                       2  0  2
enum class laplace_form : unsigned char { cross, corners };

/// The Laplacian, channel by channel, of 1 to 4 channels; input and output have the same shape.
/// 8 and 16 bits: exact (as int16 and as float), and equal to OpenCV's. O(samples).
loop_result laplacian(view<const std::uint8_t> in, view<std::int16_t> out,
                      laplace_form form = laplace_form::cross, const border& edge = {},
                      const loop_options& options = {});
loop_result laplacian(view<const std::uint16_t> in, view<float> out, laplace_form form = laplace_form::cross,
                      const border& edge = {}, const loop_options& options = {});
loop_result laplacian(view<const float> in, view<float> out, laplace_form form = laplace_form::cross,
                      const border& edge = {}, const loop_options& options = {});

/// The limits of Canny's edges, of |gx| + |gy| (0 to 2040); the lower one of the two is `low`, whichever it
/// is given as.
struct canny_limits {
  double low = 50;
  double high = 150;
};

/// Edges by J. Canny's method: 255 where there is one, else 0. One channel each, of the same shape.
///
/// The gradient is Sobel's, by |gx| + |gy|, with the outermost pixels repeated beyond the border. A pixel is
/// thin where it is above its two neighbours across the edge (and for an upright or level edge, not below the
/// second), in the direction of four that is nearest; beyond the border there is no gradient. Thin pixels
/// above `high`, and thin pixels above `low` that hang together with such a one over thin pixels above `low`
/// (by any of eight neighbours), are edges. Equal to OpenCV's with an aperture of 3 and without L2gradient.
///
/// O(pixels), and 1 byte of scratch for each. The part of the last step that crosses bands runs on the
/// calling thread. Throws invalid_argument for limits (NaN), channels, shapes or overlap. Where the options
/// end it early, the output is not written at all. (J. Canny, "A computational approach to edge detection",
/// 1986.)
loop_result canny(view<const std::uint8_t> in, view<std::uint8_t> out, const canny_limits& limits = {},
                  const loop_options& options = {});

}  // namespace polyloop::frames
