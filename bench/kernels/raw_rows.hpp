#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include "kernels/raw.hpp"

/// A row of each filter as a plain loop, and what a thread needs beside it
/// (`scratch`). The runtimes hand out the rows.
namespace polyloop::bench {

template <class T>
const T* nearest_row(const source<T>& frame, index_t y) {
  return frame.row(std::clamp<index_t>(y, 0, frame.height() - 1));
}

template <class T>
struct gray_rows {
  struct scratch {};
  source<T> rgb;
  target<T> gray;

  void operator()(index_t y, scratch&) const {
    const T* const in = rgb.row(y);
    T* const out = gray.row(y);
    for (index_t x = 0; x < rgb.width(); ++x) out[x] = luma(in[3 * x], in[3 * x + 1], in[3 * x + 2]);
  }

 private:
  static std::uint8_t luma(std::uint8_t r, std::uint8_t g, std::uint8_t b) {
    return static_cast<std::uint8_t>((77 * r + 150 * g + 29 * b + 128) >> 8);
  }
  static float luma(float r, float g, float b) { return 0.299F * r + 0.587F * g + 0.114F * b; }
};

/// Columns, then rows, tap by tap: the sums of a row stay in the cache.
template <class T>
struct blur_rows {
  using number = std::conditional_t<std::is_integral_v<T>, std::uint32_t, float>;
  struct scratch {
    std::vector<number> sums;
    std::vector<number> padded;
  };
  source<T> in;
  target<T> out;
  const std::vector<number>& weights;

  void operator()(index_t y, scratch& own) const {
    const index_t width = in.width();
    const auto radius = static_cast<index_t>(weights.size()) - 1;
    own.sums.resize(static_cast<std::size_t>(width));
    own.padded.resize(static_cast<std::size_t>(width + 2 * radius));
    number* const sums = own.sums.data();
    number* const line = own.padded.data() + radius;

    weigh(nearest_row(in, y), nearest_row(in, y), weights[0], sums, true);
    for (index_t k = 1; k <= radius; ++k)
      weigh(nearest_row(in, y - k), nearest_row(in, y + k), weight(k), sums, false);
    for (index_t x = 0; x < width; ++x) line[x] = scaled(sums[x], 8);
    for (index_t k = 1; k <= radius; ++k) {
      line[-k] = line[0];
      line[width - 1 + k] = line[width - 1];
    }

    weigh(line, line, weights[0], sums, true);
    for (index_t k = 1; k <= radius; ++k) weigh(line - k, line + k, weight(k), sums, false);
    T* const to = out.row(y);
    for (index_t x = 0; x < width; ++x) to[x] = static_cast<T>(scaled(sums[x], 22));
  }

 private:
  number weight(index_t k) const { return weights[static_cast<std::size_t>(k)]; }

  template <class In>
  void weigh(const In* before, const In* after, number factor, number* sums, bool centre) const {
    const index_t width = in.width();
    if (centre)
      for (index_t x = 0; x < width; ++x) sums[x] = factor * static_cast<number>(before[x]);
    else
      for (index_t x = 0; x < width; ++x) sums[x] += factor * static_cast<number>(before[x] + after[x]);
  }

  static number scaled(number sum, [[maybe_unused]] int bits) {
    if constexpr (std::is_integral_v<number>)
      return (sum + (number{1} << (bits - 1))) >> bits;
    else
      return sum;
  }
};

template <class T>
struct sobel_rows {
  using number = std::conditional_t<std::is_integral_v<T>, int, float>;
  struct scratch {};
  source<T> in;
  target<T> out;

  void operator()(index_t y, scratch&) const {
    const T* const above = nearest_row(in, y - 1);
    const T* const here = in.row(y);
    const T* const below = nearest_row(in, y + 1);
    T* const to = out.row(y);
    const index_t last = in.width() - 1;
    to[0] = at(above, here, below, 0, 0, std::min<index_t>(1, last));
    for (index_t x = 1; x < last; ++x) to[x] = at(above, here, below, x - 1, x, x + 1);
    if (last > 0) to[last] = at(above, here, below, last - 1, last, last);
  }

 private:
  static T at(const T* above, const T* here, const T* below, index_t left, index_t x, index_t right) {
    const number gx = static_cast<number>(above[right]) - static_cast<number>(above[left]) +
                      2 * (static_cast<number>(here[right]) - static_cast<number>(here[left])) +
                      static_cast<number>(below[right]) - static_cast<number>(below[left]);
    const number gy = static_cast<number>(below[left]) + 2 * static_cast<number>(below[x]) +
                      static_cast<number>(below[right]) - static_cast<number>(above[left]) -
                      2 * static_cast<number>(above[x]) - static_cast<number>(above[right]);
    const float root = std::sqrt(static_cast<float>(gx * gx + gy * gy));
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(std::min(root + 0.5F, 255.0F));
    else
      return root;
  }
};

/// The filters of a runtime that has over_rows(height, rows).
template <class Runtime>
struct raw_filters {
  template <class T>
  static void gray(const source<T>& rgb, const target<T>& out) {
    Runtime::over_rows(rgb.height(), gray_rows<T>{rgb, out});
  }
  static void blur8(const source<std::uint8_t>& in, const target<std::uint8_t>& out,
                    const raw_gaussian& kernel) {
    Runtime::over_rows(in.height(), blur_rows<std::uint8_t>{in, out, kernel.integers});
  }
  static void blur_float(const source<float>& in, const target<float>& out, const raw_gaussian& kernel) {
    Runtime::over_rows(in.height(), blur_rows<float>{in, out, kernel.floats});
  }
  template <class T>
  static void sobel(const source<T>& in, const target<T>& out) {
    Runtime::over_rows(in.height(), sobel_rows<T>{in, out});
  }
};

}  // namespace polyloop::bench
