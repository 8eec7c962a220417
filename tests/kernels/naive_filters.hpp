#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "frames_reference.hpp"
#include "naive_adaptive.hpp"

/// Named filters once more, as plain loops over their windows, by the numbers of their parameters.
namespace naive {

using polyloop::index_t;
using polyloop::frames::border;
using polyloop::frames::shape;
using polyloop::frames::view;
using reference::at;
using numbers = std::vector<double>;

inline index_t whole(double number) {
  return static_cast<index_t>(number);
}

/// The samples of a window of width x height around a pixel.
template <class T>
std::vector<T> around(const view<const T>& in, index_t x, index_t y, index_t c, index_t width, index_t height,
                      const border& edge) {
  std::vector<T> samples;
  for (index_t row = 0; row < height; ++row)
    for (index_t column = 0; column < width; ++column)
      samples.push_back(at(in, x + column - width / 2, y + row - height / 2, c, edge));
  return samples;
}

template <class T>
double mean(const std::vector<T>& samples) {
  double sum = 0;
  for (const T sample : samples) sum += static_cast<double>(sample);
  return sum / static_cast<double>(samples.size());
}

template <class T>
double magnitude(const std::vector<T>& s) {
  const auto of = [&s](std::size_t i) { return static_cast<float>(s[i]); };
  const float gx = (of(2) + 2 * of(5) + of(8)) - (of(0) + 2 * of(3) + of(6));
  const float gy = (of(6) + 2 * of(7) + of(8)) - (of(0) + 2 * of(1) + of(2));
  return static_cast<double>(std::sqrt(gx * gx + gy * gy));
}

template <class T>
double bilateral(const view<const T>& in, index_t x, index_t y, index_t c, const numbers& with,
                 const border& edge) {
  const index_t radius = whole(with[0]);
  double sum = 0, weights = 0;
  for (index_t dy = -radius; dy <= radius; ++dy)
    for (index_t dx = -radius; dx <= radius; ++dx) {
      if (dx * dx + dy * dy > radius * radius) continue;
      double apart = 0;
      for (index_t k = 0; k < in.channels(); ++k)
        apart += std::abs(static_cast<double>(at(in, x + dx, y + dy, k, edge)) -
                          static_cast<double>(at(in, x, y, k, edge)));
      const double own = std::exp(-static_cast<double>(dx * dx + dy * dy) / (2 * with[2] * with[2]) -
                                  apart * apart / (2 * with[1] * with[1]));
      weights += own;
      sum += own * static_cast<double>(at(in, x + dx, y + dy, c, edge));
    }
  return sum / weights;
}

template <class T>
double thresholded(T sample, const numbers& with) {
  const bool above = sample > reference::sample_of<T>(with[0]);
  const auto own = static_cast<double>(sample);
  const double ways[][2] = {{static_cast<double>(reference::sample_of<T>(with[1])), 0},
                            {0, static_cast<double>(reference::sample_of<T>(with[1]))},
                            {static_cast<double>(reference::sample_of<T>(with[0])), own},
                            {own, 0},
                            {0, own}};
  return ways[whole(with[2])][above ? 0 : 1];
}

/// Filters that are told by plain loops here.
inline bool knows(std::string_view name) {
  constexpr std::string_view all[] = {"adaptive", "bilateral", "box",    "clahe", "dilate",    "erode",
                                      "gaussian", "gray",      "median", "sobel", "threshold", "unsharp"};
  return std::find(std::begin(all), std::end(all), name) != std::end(all);
}

/// Sample c of the output, before it is rounded.
template <class T>
double sample_of(std::string_view name, const view<const T>& in, index_t x, index_t y, index_t c,
                 const numbers& with, const border& edge) {
  const auto window = [&](index_t width, index_t height) { return around(in, x, y, c, width, height, edge); };
  if (name == "box") return mean(window(whole(with[0]), whole(with[1])));
  if (name == "bilateral") return bilateral(in, x, y, c, with, edge);
  if (name == "sobel") return magnitude(window(3, 3));
  if (name == "gray") return static_cast<double>(reference::luma(in.pixel(x, y)));
  if (name == "threshold") return thresholded(in.pixel(x, y)[c], with);
  auto samples = name == "median" ? window(2 * whole(with[0]) + 1, 2 * whole(with[0]) + 1)
                                  : window(whole(with[0]), whole(with[1]));
  std::sort(samples.begin(), samples.end());
  if (name == "erode") return static_cast<double>(samples.front());
  if (name == "dilate") return static_cast<double>(samples.back());
  return static_cast<double>(samples[samples.size() / 2]);
}

/// The radius of a blur, given or by three sigma.
inline index_t radius_of(double sigma, double radius) {
  return radius < 0 ? static_cast<index_t>(std::ceil(3 * sigma)) : whole(radius);
}

template <class T>
reference::frame<T> blurred(const view<const T>& in, double sigma, double radius, const border& edge) {
  reference::frame<T> out(in.size());
  reference::blur(in, out.pixels(), sigma, radius_of(sigma, radius), edge);
  return out;
}

/// Those of frames of one channel.
template <class T>
T of_one_channel(std::string_view name, const view<const T>& in, const tile_tables<T>* tiles, index_t x,
                 index_t y, const numbers& with, const border& edge) {
  if constexpr (std::is_same_v<T, std::uint8_t>)
    if (name == "adaptive")
      return adaptive(in, x, y,
                      {whole(with[0]), with[1], static_cast<std::uint8_t>(with[2]), with[3] != 0, edge});
  return reference::sample_of_float<T>(tiles->sample(in, x, y));
}

template <class T>
reference::frame<T> filtered_alone(std::string_view name, const view<const T>& in, const numbers& with,
                                   const border& edge) {
  reference::frame<T> out(in.size());
  if (in.empty()) return out;
  std::unique_ptr<tile_tables<T>> tiles;
  if (name == "clahe")
    tiles = std::make_unique<tile_tables<T>>(in, contrast_tiles{whole(with[1]), whole(with[2]), with[0]});
  for (index_t y = 0; y < in.height(); ++y)
    for (index_t x = 0; x < in.width(); ++x)
      *out.pixels().pixel(x, y) = of_one_channel<T>(name, in, tiles.get(), x, y, with, edge);
  return out;
}

/// The output of a named filter.
template <class T>
reference::frame<T> filtered(std::string_view name, const view<const T>& in, const numbers& with,
                             const border& edge) {
  if constexpr (std::is_integral_v<T>)
    if (name == "adaptive" || name == "clahe") return filtered_alone(name, in, with, edge);
  reference::frame<T> out({in.width(), in.height(), name == "gray" ? 1 : in.channels()});
  if (in.empty()) return out;
  if (name == "gaussian") return blurred(in, with[0], with[1], edge);
  auto blur = name == "unsharp" ? blurred(in, with[0], with[1], edge) : reference::frame<T>(shape{});
  for (index_t y = 0; y < in.height(); ++y)
    for (index_t x = 0; x < in.width(); ++x)
      for (index_t c = 0; c < out.pixels().channels(); ++c) {
        const auto own = static_cast<double>(in.pixel(x, y)[c]);
        const double made = name == "unsharp"
                                ? own + with[2] * (own - static_cast<double>(blur.pixels().pixel(x, y)[c]))
                                : sample_of(name, in, x, y, c, with, edge);
        out.pixels().pixel(x, y)[c] = reference::sample_of<T>(made);
      }
  return out;
}

/// From the least to the greatest sample there may be: float noise is between -1/4 and 3/4, which a constant
/// beyond the border need not be.
template <class T>
double spread_of(const border& edge) {
  if (std::is_integral_v<T>) return static_cast<double>(std::numeric_limits<T>::max());
  return edge.mode == polyloop::frames::border_mode::constant ? std::max(1.0, std::abs(edge.value) + 0.75)
                                                              : 1;
}

/// How far a sample of the filter may be from the naive one: where that does not round in between as the
/// filter does.
template <class T>
double tolerance(std::string_view name, const numbers& with, const border& edge) {
  const bool exact = name == "median" || name == "erode" || name == "dilate" || name == "gaussian" ||
                     name == "gray" || name == "threshold" || name == "adaptive";
  if (exact) return 0;
  if (name == "clahe") return sizeof(T) == 1 ? 1 : 0;
  // Weights are within 2^-12 of what they should be, so their mean is within that of all it is made of.
  if (name == "bilateral") return sizeof(T) == 1 ? 1 : 1.5 * 0x1p-12 * spread_of<T>(edge);
  if (std::is_floating_point_v<T>) return name == "unsharp" ? 1e-4 * (1 + with[2]) : 1e-3;
  if (name == "unsharp") return sizeof(T) == 1 ? 1 : 2 + with[2];
  return 1;
}

}  // namespace naive
