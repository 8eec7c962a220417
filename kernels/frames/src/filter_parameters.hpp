#pragma once

#include "bordered.hpp"
#include "polyloop/frames/filters.hpp"

/// What the named filters take, and what their functions are given for it.
namespace polyloop::frames::detail {

inline constexpr double most_side = most_window_side;
inline constexpr double most_number = 3.4e38;
inline constexpr double most_sigma = 1e6;
inline constexpr double most_pixels = 1 << 20;

inline constexpr std::string_view threshold_forms[] = {"binary", "binary_inverted", "truncate", "to_zero",
                                                       "to_zero_inverted"};
inline constexpr std::string_view no_or_yes[] = {"no", "yes"};
inline constexpr std::string_view laplace_forms[] = {"cross", "corners"};
inline constexpr std::string_view interpolations[] = {"nearest", "bilinear", "area", "bicubic", "lanczos"};
inline constexpr std::string_view matrices[] = {"bt601", "bt709"};
inline constexpr std::string_view ranges[] = {"limited", "full"};
inline constexpr std::string_view sitings[] = {"corner", "mean"};

constexpr filter_parameter choice(std::string_view name, std::span<const std::string_view> of, double usual,
                                  std::string_view meaning) {
  return {name, 0, static_cast<double>(of.size() - 1), usual, true, meaning, of};
}

inline constexpr filter_parameter adaptive_takes[] = {
    {"side", 1, most_side, 11, true, "pixels on each side of the window; odd"},
    {"below", -most_number, most_number, 2, false, "subtracted from the mean"},
    {"high", 0, 255, 255, true, "what becomes of those above; the others become 0"},
    choice("inverted", no_or_yes, 0, "the other way round")};
inline constexpr filter_parameter background_takes[] = {
    {"rate", 0, 1, 0.05, false, "part of the difference that the background follows by"}};
inline constexpr filter_parameter bilateral_takes[] = {
    {"radius", 0, most_bilateral_radius, 2, true, "pixels on each side"},
    {"range", least_bilateral_sigma, most_sigma, 30, false, "standard deviation in units of the samples"},
    {"space", least_bilateral_sigma, most_sigma, 2, false, "standard deviation in pixels"}};
inline constexpr filter_parameter canny_takes[] = {
    {"low", 0, most_number, 50, false, "limit of pixels that hang together with an edge"},
    {"high", 0, most_number, 150, false, "limit of edges"}};
inline constexpr filter_parameter clahe_takes[] = {
    {"limit", 0, most_number, 40, false, "most pixels of a value, in units of what each would have; 0: none"},
    {"across", 1, most_contrast_tiles, 8, true, "tiles in a row"},
    {"down", 1, most_contrast_tiles, 8, true, "tiles one below the other"}};
inline constexpr filter_parameter window_takes[] = {
    {"width", 1, most_side, 3, true, "pixels of the window in a row"},
    {"height", 1, most_side, 3, true, "rows of the window"}};
inline constexpr filter_parameter element_takes[] = {
    window_takes[0],
    window_takes[1],
    {"members",
     0,
     1,
     1,
     true,
     "whether each pixel counts, row by row; all, where it is left out",
     {},
     most_window_side* most_window_side}};
inline constexpr filter_parameter weights_take[] = {window_takes[0],
                                                    window_takes[1],
                                                    {"weights",
                                                     -most_number,
                                                     most_number,
                                                     1,
                                                     false,
                                                     "of each pixel, row by row; 1, where they are left out",
                                                     {},
                                                     most_window_side* most_window_side}};
inline constexpr filter_parameter gaussian_takes[] = {
    {"sigma", 1e-6, most_sigma, 1, false, "standard deviation in pixels"},
    {"radius", -1, most_blur_radius, -1, true, "pixels on each side; -1: three sigma"}};
inline constexpr filter_parameter laplacian_takes[] = {choice("form", laplace_forms, 0, "of the operator")};
inline constexpr filter_parameter lookup_takes[] = {
    {"table", 0, 255, 0, true, "what becomes of 0, 1, ..., 255", {}, 256}};
inline constexpr filter_parameter median_takes[] = {
    {"radius", 0, most_median_radius, 1, true, "pixels on each side"}};
inline constexpr filter_parameter otsu_takes[] = {{"high", 0, 255, 255, true, "what becomes of those above"}};
inline constexpr filter_parameter resize_takes[] = {
    {"width", 1, most_pixels, 640, true, "pixels of the output in a row"},
    {"height", 1, most_pixels, 360, true, "rows of the output"},
    choice("how", interpolations, 1, "what is made of the samples around a place")};
inline constexpr filter_parameter yuv_takes[] = {
    choice("matrix", matrices, 0, "the weights of luma and chroma"),
    choice("range", ranges, 0, "of luma and chroma"),
    choice("siting", sitings, 1, "what a chroma sample stands for")};
inline constexpr filter_parameter threshold_takes[] = {
    {"limit", -most_number, most_number, 128, false, "what samples are compared with"},
    {"high", -most_number, most_number, 255, false, "what becomes of those above; the others become 0"},
    choice("form", threshold_forms, 0, "what becomes of samples above the limit, and of the others")};
inline constexpr filter_parameter unsharp_takes[] = {
    {"sigma", 1e-6, most_sigma, 1, false, "standard deviation of the blur in pixels"},
    {"radius", -1, most_blur_radius, -1, true, "of the blur; -1: three sigma"},
    {"amount", 0, most_unsharp_amount, 1, false, "how much of the difference to the blur is added"}};

inline constexpr filter_inputs any_frames{1, most_temporal_frames};

inline index_t whole(double number) {
  return static_cast<index_t>(number);
}
template <class Choice>
Choice chosen(double number) {
  return static_cast<Choice>(whole(number));
}

inline gaussian kernel_of(const filter_arguments& with) {
  gaussian kernel{with.numbers[0], {}, with.edge};
  if (with.numbers[1] >= 0) kernel.radius = whole(with.numbers[1]);
  return kernel;
}
inline window window_of(const filter_arguments& with) {
  return {whole(with.numbers[0]), whole(with.numbers[1]), with.edge};
}
inline structuring_element element_of(const filter_arguments& with) {
  return {window_of(with), {with.list.begin(), with.list.end()}};
}
inline weighed_window weights_of(const filter_arguments& with) {
  weighed_window made{window_of(with), {}};
  for (const double weight : with.list) made.weights.push_back(static_cast<float>(weight));
  return made;
}
inline adaptive_mean mean_of(const filter_arguments& with) {
  return {whole(with.numbers[0]), with.numbers[1], static_cast<std::uint8_t>(with.numbers[2]),
          with.numbers[3] != 0, with.edge};
}
inline yuv_format format_of(const filter_arguments& with) {
  return {chosen<colour_matrix>(with.numbers[0]), chosen<colour_range>(with.numbers[1]),
          with.numbers.size() > 2 ? chosen<chroma_siting>(with.numbers[2]) : chroma_siting::mean};
}
template <class T>
threshold_at<T> threshold_of(const filter_arguments& with) {
  return {to_sample<T>(with.numbers[0]), to_sample<T>(with.numbers[1]),
          chosen<threshold_form>(with.numbers[2])};
}

}  // namespace polyloop::frames::detail
