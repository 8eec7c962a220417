#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "polyloop/frames/filters.hpp"

/// The filters once more, as plain loops that follow the text of the header
/// one sample at a time; and frames to try them on.
namespace reference {

using polyloop::index_t;
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
        made.pixels().row(y)[i] = static_cast<T>(state >> 24);
      } else {
        made.pixels().row(y)[i] = static_cast<T>(state >> 8) / 16777216.0F - 0.25F;
      }
    }
  return made;
}

/// Sample c of the pixel, the outermost ones repeated beyond the border.
template <class T>
T at(const view<T>& v, index_t x, index_t y, index_t c = 0) {
  return v.pixel(std::clamp<index_t>(x, 0, v.width() - 1), std::clamp<index_t>(y, 0, v.height() - 1))[c];
}

inline std::uint8_t luma(const std::uint8_t* p) {
  return static_cast<std::uint8_t>((77 * p[0] + 150 * p[1] + 29 * p[2] + 128) >> 8);
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
    w[k] = std::llround(tail * 32768) - taken;
    taken += w[k];
  }
  w[0] = 32768 - 2 * taken;
  return w;
}

/// Both passes of a blur in numbers N, each sum passed through `columns` or `rows`.
template <class N, class T, class Weights, class Columns, class Rows, class Put>
void blur_passes(const view<T>& in, const Weights& w, Columns columns, Rows rows, Put put) {
  const auto radius = static_cast<index_t>(w.size()) - 1;
  const auto weight = [&w](index_t k) { return static_cast<N>(w[static_cast<std::size_t>(k)]); };
  for (index_t y = 0; y < in.height(); ++y)
    for (index_t c = 0; c < in.channels(); ++c) {
      std::vector<N> line;
      for (index_t x = 0; x < in.width(); ++x) {
        N sum = weight(0) * static_cast<N>(at(in, x, y, c));
        for (index_t k = 1; k <= radius; ++k)
          sum += weight(k) * (static_cast<N>(at(in, x, y - k, c)) + static_cast<N>(at(in, x, y + k, c)));
        line.push_back(columns(sum));
      }
      const view<const N> between(line.data(), {in.width(), 1, 1});
      for (index_t x = 0; x < in.width(); ++x) {
        N sum = weight(0) * at(between, x, 0);
        for (index_t k = 1; k <= radius; ++k)
          sum += weight(k) * (at(between, x - k, 0) + at(between, x + k, 0));
        put(x, y, c, rows(sum));
      }
    }
}

inline void blur(const view<std::uint8_t>& in, const view<std::uint8_t>& out, double sigma, index_t radius) {
  blur_passes<std::int64_t>(
      in, fixed_weights(sigma, radius), [](std::int64_t s) { return (s + 128) >> 8; },
      [](std::int64_t s) { return (s + (1 << 21)) >> 22; },
      [&out](index_t x, index_t y, index_t c, std::int64_t value) {
        out.pixel(x, y)[c] = static_cast<std::uint8_t>(value);
      });
}

inline void blur(const view<float>& in, const view<float>& out, double sigma, index_t radius) {
  const auto same = [](float sum) { return sum; };
  blur_passes<float>(in, exact_weights(sigma, radius), same, same,
                     [&out](index_t x, index_t y, index_t c, float value) { out.pixel(x, y)[c] = value; });
}

/// The largest distance of `got` to the blur in real numbers.
template <class T>
double blur_error(const view<T>& in, const view<T>& got, double sigma, index_t radius) {
  double worst = 0;
  const auto same = [](double sum) { return sum; };
  blur_passes<double>(in, exact_weights(sigma, radius), same, same,
                      [&](index_t x, index_t y, index_t c, double exact) {
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

inline void yuv_to_rgb(const yuv_planes& p, index_t x, index_t y, std::uint8_t* rgb) {
  const int c = 298 * (*p.y.pixel(x, y) - 16);
  const int d = *p.u.pixel(x / 2, y / 2) - 128;
  const int e = *p.v.pixel(x / 2, y / 2) - 128;
  rgb[0] = cut((c + 409 * e + 128) >> 8);
  rgb[1] = cut((c - 100 * d - 208 * e + 128) >> 8);
  rgb[2] = cut((c + 516 * d + 128) >> 8);
}

}  // namespace reference
