#pragma once

#include "polyloop/frames/adaptive.hpp"
#include "polyloop/frames/blur.hpp"
#include "polyloop/frames/gradient.hpp"
#include "polyloop/frames/point.hpp"
#include "row_filter.hpp"

/// The filters that can be run row by row, for frames of a shape. Each is checked as the filter itself does
/// and gives the same bits. Frames have pixels.
namespace polyloop::frames::detail {

template <class T>
row_plan<T, T> gray_plan(const shape& in);

/// Throws where the radius of the kernel is none, as all of these do for parameters that are not taken.
template <class T>
row_plan<T, T> gaussian_plan(const shape& in, const gaussian& kernel);
template <class T>
row_plan<T, T> box_plan(const shape& in, const window& of);
/// erode (`most` false) or dilate.
template <class T>
row_plan<T, T> extreme_plan(const shape& in, const window& of, bool most);
/// Of radius 1 or 2.
template <class T>
row_plan<T, T> small_median_plan(const shape& in, index_t radius, const border& edge);
template <class T>
row_plan<T, T> threshold_plan(const shape& in, const threshold_at<T>& how);
row_plan<std::uint8_t, std::uint8_t> adaptive_plan(const shape& in, const adaptive_mean& how);

/// Out: gradient_sum<In>.
enum class gradient_kind : unsigned char { dx, dy, l1, laplace_cross, laplace_corners };
template <class In, class Out>
row_plan<In, Out> gradient_plan(const shape& in, gradient_kind kind, const border& edge);
/// Out: float, or In.
template <class In, class Out>
row_plan<In, Out> magnitude_plan(const shape& in, const border& edge);

}  // namespace polyloop::frames::detail
