#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "polyloop/frames/filters.hpp"

/// The filters once more, as plain loops that follow the text of the header
/// one sample at a time; and frames to try them on.
namespace reference {

using polyloop::index_t;
using polyloop::frames::border;
using polyloop::frames::border_mode;
using polyloop::frames::gaussian;
using polyloop::frames::shape;
using polyloop::frames::view;
using polyloop::frames::yuv_planes;

/// A frame with a gap of 5 samples behind each row, where nothing may be written.
template <class T>
class frame {
 public:
  static constexpr index_t gap = 5;
  static constexpr T canary = static_cast<T>(77);

  explicit frame(const shape& size)
      : size_(size),
        samples_(static_cast<std::size_t>(size.height * (size.row_samples() + gap) + 1), canary) {}

  view<T> pixels() { return {samples_.data(), size_, size_.row_samples() + gap}; }
  const std::vector<T>& samples() const { return samples_; }
  bool gaps_intact() {
    for (index_t y = 0; y < size_.height; ++y)
      for (index_t i = 0; i < gap; ++i)
        if (pixels().row(y)[size_.row_samples() + i] != canary) return false;
    return true;
  }

 private:
  shape size_;
  std::vector<T> samples_;
};

template <class T>
frame<T> noise(const shape& size, std::uint32_t seed = 1) {
  frame<T> made(size);
  std::uint32_t state = seed;
  for (index_t y = 0; y < size.height; ++y)
    for (index_t i = 0; i < size.row_samples(); ++i) {
      state = state * 1664525U + 1013904223U;
      if constexpr (std::is_integral_v<T>) {
        made.pixels().row(y)[i] = static_cast<T>(state >> (32 - 8 * sizeof(T)));
      } else {
        made.pixels().row(y)[i] = static_cast<T>(state >> 8) / 16777216.0F - 0.25F;
      }
    }
  return made;
}

/// The index that stands for i, step by step; -1 for a constant.
inline index_t stepped(index_t i, index_t n, border_mode mode) {
  if (mode == border_mode::replicate) return std::clamp<index_t>(i, 0, n - 1);
  if (mode == border_mode::reflect101 && n == 1) return 0;
  const index_t twice = mode == border_mode::reflect ? 1 : 0;
  while (i < 0 || i >= n) {
    if (mode == border_mode::constant) return -1;
    if (mode == border_mode::wrap)
      i += i < 0 ? n : -n;
    else
      i = i < 0 ? -i - twice : 2 * n - 2 - i + twice;
  }
  return i;
}

/// A float as a sample of T: rounded to nearest, ties to even, and cut to its range.
template <class T>
T sample_of_float(float value) {
  if constexpr (std::is_floating_point_v<T>)
    return value;
  else
    return static_cast<T>(
        std::clamp(std::nearbyint(value), 0.0F, static_cast<float>(std::numeric_limits<T>::max())));
}

/// A value as a sample of T: rounded to nearest, ties upwards, and cut to its range.
template <class T>
T sample_of(double value) {
  if constexpr (std::is_floating_point_v<T>)
    return static_cast<T>(value);
  else
    return static_cast<T>(std::clamp(std::floor(value + 0.5),
                                     static_cast<double>(std::numeric_limits<T>::min()),
                                     static_cast<double>(std::numeric_limits<T>::max())));
}

/// A border of each mode; the constant is within the range of noise<T>().
template <class T>
std::vector<border> every_border() {
  return {border_mode::replicate,
          border_mode::reflect,
          border_mode::reflect101,
          border_mode::wrap,
          {border_mode::constant, std::is_integral_v<T> ? 93.4 : 0.6}};
}

/// Sample c of the pixel (x, y), which may lie beyond the border.
template <class T>
std::remove_const_t<T> at(const view<T>& v, index_t x, index_t y, index_t c = 0, const border& edge = {}) {
  const index_t column = stepped(x, v.width(), edge.mode);
  const index_t row = stepped(y, v.height(), edge.mode);
  if (column < 0 || row < 0) return sample_of<std::remove_const_t<T>>(edge.value);
  return v.pixel(column, row)[c];
}

inline std::uint8_t luma(const std::uint8_t* p) {
  return static_cast<std::uint8_t>((77 * p[0] + 150 * p[1] + 29 * p[2] + 128) >> 8);
}
inline std::uint16_t luma(const std::uint16_t* p) {
  return static_cast<std::uint16_t>((19595LL * p[0] + 38470LL * p[1] + 7471LL * p[2] + 32768) >> 16);
}
inline float luma(const float* p) {
  return 0.299F * p[0] + 0.587F * p[1] + 0.114F * p[2];
}

inline std::vector<double> exact_weights(double sigma, index_t radius) {
  std::vector<double> w;
  double sum = 0;
  for (index_t k = 0; k <= radius; ++k) {
    const double distance = static_cast<double>(k) / sigma;
    w.push_back(std::exp(-0.5 * distance * distance));
    sum += k == 0 ? w.back() : 2 * w.back();
  }
  for (double& one : w) one /= sum;
  return w;
}

inline std::vector<std::int64_t> fixed_weights(double sigma, index_t radius) {
  const std::vector<double> exact = exact_weights(sigma, radius);
  std::vector<std::int64_t> w(exact.size());
  double tail = 0;
  std::int64_t taken = 0;
  for (std::size_t k = w.size() - 1; k > 0; --k) {
    tail += exact[k];
    w[k] = std::llround(tail * 65536) - taken;
    taken += w[k];
  }
  w[0] = std::min<std::int64_t>(65536 - 2 * taken, 65535);
  return w;
}

/// Both passes of a blur: columns(sample or pair, k) and rows(...) are the products, `first` what
/// the sums begin with, put(x, y, c, sum) takes the result.
template <class N, class T, class Columns, class Rows, class Put>
void blur_passes(const view<T>& in, index_t radius, const border& edge, Columns columns, Rows rows, N first,
                 Put put) {
  const auto between = [&](index_t x, index_t y, index_t c) {
    const auto source = [&](index_t dy) { return static_cast<N>(at(in, x, y + dy, c, edge)); };
    N sum = first + columns(source(0), 0);
    for (index_t k = 1; k <= radius; ++k) sum += columns(source(-k) + source(k), k);
    return sum;
  };
  for (index_t y = 0; y < in.height(); ++y)
    for (index_t c = 0; c < in.channels(); ++c) {
      std::vector<N> line;
      for (index_t x = -radius; x < in.width() + radius; ++x) {
        const index_t column = stepped(x, in.width(), edge.mode);
        // Beyond a constant border every row is the constant.
        line.push_back(between(column < 0 ? -1 : column, y, c));
      }
      for (index_t x = 0; x < in.width(); ++x) {
        const N* const centre = line.data() + x + radius;
        N sum = first + rows(centre[0], 0);
        for (index_t k = 1; k <= radius; ++k) sum += rows(centre[-k] + centre[k], k);
        put(x, y, c, sum);
      }
    }
}

/// In numbers N, by weights of N.
template <class N, class T, class Put>
void blur_in(const view<T>& in, double sigma, index_t radius, const border& edge, Put put) {
  const std::vector<double> w = exact_weights(sigma, radius);
  const auto product = [&w](N value, index_t k) {
    return static_cast<N>(w[static_cast<std::size_t>(k)]) * value;
  };
  blur_passes<N>(in, radius, edge, product, product, N{0}, put);
}

template <class In, class T>
void blur(const view<In>& in, const view<T>& out, double sigma, index_t radius, const border& edge = {}) {
  if (std::is_same_v<T, std::uint8_t> && radius <= 32) {
    const auto w = fixed_weights(sigma, radius);
    const auto weight = [&w](index_t k) { return w[static_cast<std::size_t>(k)]; };
    blur_passes<std::int64_t>(
        in, radius, edge, [&](std::int64_t p, index_t k) { return 128 * p * weight(k) >> 16; },
        [&](std::int64_t p, index_t k) { return p * weight(k) >> 16; }, std::int64_t{(radius + 1) / 2},
        [&](index_t x, index_t y, index_t c, std::int64_t sum) {
          out.pixel(x, y)[c] = static_cast<T>((sum + 64) >> 7);
        });
  } else {
    blur_in<float>(in, sigma, radius, edge, [&](index_t x, index_t y, index_t c, float sum) {
      out.pixel(x, y)[c] = sample_of_float<T>(sum);
    });
  }
}

/// The largest distance of `got` to the blur in real numbers.
template <class T>
double blur_error(const view<T>& in, const view<T>& got, double sigma, index_t radius,
                  const border& edge = {}) {
  double worst = 0;
  blur_in<double>(in, sigma, radius, edge, [&](index_t x, index_t y, index_t c, double exact) {
    worst = std::max(worst, std::abs(exact - static_cast<double>(got.pixel(x, y)[c])));
  });
  return worst;
}

/// gx and gy of a pixel, in numbers N.
template <class N, class T>
float sobel(const view<T>& in, index_t x, index_t y) {
  const auto s = [&](index_t dx, index_t dy) { return static_cast<N>(at(in, x + dx, y + dy)); };
  const N two{2};
  const N gx = (s(1, -1) + two * s(1, 0) + s(1, 1)) - (s(-1, -1) + two * s(-1, 0) + s(-1, 1));
  const N gy = (s(-1, 1) - s(-1, -1)) + two * (s(0, 1) - s(0, -1)) + (s(1, 1) - s(1, -1));
  return std::sqrt(static_cast<float>(gx * gx + gy * gy));
}

inline std::uint8_t cut(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

/// The table of colour.hpp.
inline const int (&to_rgb_weights(const polyloop::frames::yuv_format& format))[6] {
  static constexpr int bt601_limited[] = {298, 16, 409, -100, -208, 516},
                       bt601_full[] = {256, 0, 359, -88, -183, 454},
                       bt709_limited[] = {298, 16, 459, -55, -136, 541},
                       bt709_full[] = {256, 0, 403, -48, -120, 475};
  const bool limited = format.range == polyloop::frames::colour_range::limited;
  if (format.matrix == polyloop::frames::colour_matrix::bt601) return limited ? bt601_limited : bt601_full;
  return limited ? bt709_limited : bt709_full;
}

inline void yuv_to_rgb(const yuv_planes& p, const polyloop::frames::yuv_format& format, index_t x, index_t y,
                       std::uint8_t* rgb) {
  const auto& w = to_rgb_weights(format);
  const int c = w[0] * (*p.y.pixel(x, y) - w[1]);
  const int d = *p.u.pixel(x / 2, y / 2) - 128;
  const int e = *p.v.pixel(x / 2, y / 2) - 128;
  rgb[0] = cut((c + w[2] * e + 128) >> 8);
  rgb[1] = cut((c + w[3] * d + w[4] * e + 128) >> 8);
  rgb[2] = cut((c + w[5] * d + 128) >> 8);
}

/// Y, U or V of a pixel of R, G, B.
inline std::uint8_t from_rgb(const polyloop::frames::yuv_format& format, int plane, int r, int g, int b) {
  static constexpr int weights[2][2][3][3] = {
      {{{66, 129, 25}, {-38, -74, 112}, {112, -94, -18}}, {{77, 150, 29}, {-43, -85, 128}, {128, -107, -21}}},
      {{{47, 157, 16}, {-26, -86, 112}, {112, -102, -10}},
       {{54, 183, 19}, {-29, -99, 128}, {128, -116, -12}}}};
  const auto& w = weights[static_cast<int>(format.matrix)][static_cast<int>(format.range)][plane];
  const bool limited = format.range == polyloop::frames::colour_range::limited;
  const int sum = w[0] * r + w[1] * g + w[2] * b;
  return cut(plane == 0 ? ((sum + 128) >> 8) + (limited ? 16 : 0) : ((sum + 127) >> 8) + 128);
}

inline void yuv_to_rgb(const yuv_planes& p, index_t x, index_t y, std::uint8_t* rgb) {
  yuv_to_rgb(p, polyloop::frames::yuv_format{}, x, y, rgb);
}

}  // namespace reference
