#pragma once

#include <cstdint>

#include "polyloop/frames/view.hpp"
#include "polyloop/loop_options.hpp"

/// Filters that make a sample from the samples at the same place. They may work in place: an output that is
/// the input itself, of the same stride, is taken; one that overlaps it otherwise is not. What they have in
/// common with all filters is in filters.hpp.
namespace polyloop::frames {

/// What becomes of samples above a limit, and of the others (OpenCV's THRESH_ names).
enum class threshold_form : unsigned char {
  binary,           ///< high above, else 0
  binary_inverted,  ///< 0 above, else high
  truncate,         ///< the limit above, else as it is
  to_zero,          ///< as it is above, else 0
  to_zero_inverted  ///< 0 above, else as it is
};

template <class T>
struct threshold_at {
  T limit = {};
  T high = {};
  threshold_form form = threshold_form::binary;
};

/// Compares each sample with the limit, of any number of channels; both frames have the same shape. Exact.
/// NaN is not above any limit. O(samples).
loop_result threshold(view<const std::uint8_t> in, view<std::uint8_t> out,
                      const threshold_at<std::uint8_t>& how, const loop_options& options = {});
loop_result threshold(view<const std::uint16_t> in, view<std::uint16_t> out,
                      const threshold_at<std::uint16_t>& how, const loop_options& options = {});
loop_result threshold(view<const float> in, view<float> out, const threshold_at<float>& how,
                      const loop_options& options = {});

/// |a - b|, sample by sample; all frames have the same shape. Exact for integers. O(samples).
loop_result absolute_difference(view<const std::uint8_t> a, view<const std::uint8_t> b,
                                view<std::uint8_t> out, const loop_options& options = {});
loop_result absolute_difference(view<const std::uint16_t> a, view<const std::uint16_t> b,
                                view<std::uint16_t> out, const loop_options& options = {});
loop_result absolute_difference(view<const float> a, view<const float> b, view<float> out,
                                const loop_options& options = {});

}  // namespace polyloop::frames
