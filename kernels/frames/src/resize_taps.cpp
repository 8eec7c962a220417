#include "resize_taps.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace polyloop::frames::detail {

namespace {

/// Where an output sample lies between input samples.
struct place {
  index_t whole;
  double fraction;
};

place place_of(index_t i, double scale) {
  const double at = (static_cast<double>(i) + 0.5) * scale - 0.5;
  const double whole = std::floor(at);
  return {static_cast<index_t>(whole), at - whole};
}

double cubic(double distance) {
  constexpr double a = -0.75;
  const double x = std::abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

double sinc(double x) {
  return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

double lanczos4(double distance) {
  return std::abs(distance) < 4 ? sinc(distance) * sinc(distance / 4) : 0;
}

/// Taps around each place, weighed by their distance.
template <class Weigh>
resize_taps around(index_t count, index_t out_size, double scale, const Weigh& weigh) {
  resize_taps made{count, {}, {}};
  made.first.reserve(static_cast<std::size_t>(out_size));
  made.weights.reserve(static_cast<std::size_t>(count * out_size));
  for (index_t i = 0; i < out_size; ++i) {
    const place at = place_of(i, scale);
    made.first.push_back(at.whole - count / 2 + 1);
    std::array<double, 8> weights{};
    double sum = 0;
    for (index_t t = 0; t < count; ++t)
      sum += weights[static_cast<std::size_t>(t)] =
          weigh(static_cast<double>(t - count / 2 + 1) - at.fraction);
    for (index_t t = 0; t < count; ++t)
      made.weights.push_back(static_cast<float>(weights[static_cast<std::size_t>(t)] / sum));
  }
  return made;
}

resize_taps nearest(index_t in_size, index_t out_size) {
  resize_taps made{1, {}, std::vector<float>(static_cast<std::size_t>(out_size), 1.0F)};
  const double scale = static_cast<double>(in_size) / static_cast<double>(out_size);
  for (index_t i = 0; i < out_size; ++i)
    made.first.push_back(
        std::min(static_cast<index_t>(std::floor(static_cast<double>(i) * scale)), in_size - 1));
  return made;
}

/// The part of input sample k that output sample i covers. In whole numbers: sample i reaches from i in to (i
/// + 1) in, sample k from k out to (k + 1) out.
double covered(index_t i, index_t k, index_t in_size, index_t out_size) {
  const index_t begin = std::max(i * in_size, k * out_size);
  const index_t end = std::min((i + 1) * in_size, (k + 1) * out_size);
  return static_cast<double>(std::max<index_t>(0, end - begin)) / static_cast<double>(in_size);
}

resize_taps by_area(index_t in_size, index_t out_size) {
  resize_taps made{(in_size + out_size - 1) / out_size + 1, {}, {}};
  if (in_size % out_size == 0) made.taps = in_size / out_size;
  for (index_t i = 0; i < out_size; ++i) {
    const index_t first = i * in_size / out_size;
    made.first.push_back(first);
    for (index_t t = 0; t < made.taps; ++t)
      made.weights.push_back(static_cast<float>(covered(i, first + t, in_size, out_size)));
  }
  return made;
}

}  // namespace

resize_taps taps_for(interpolation how, index_t in_size, index_t out_size) {
  const double scale = static_cast<double>(in_size) / static_cast<double>(out_size);
  switch (how) {
    case interpolation::nearest:
      return nearest(in_size, out_size);
    case interpolation::bilinear:
      return around(2, out_size, scale, [](double distance) { return 1 - std::abs(distance); });
    case interpolation::area:
      return by_area(in_size, out_size);
    case interpolation::bicubic:
      return around(4, out_size, scale, cubic);
    case interpolation::lanczos:
      break;
  }
  return around(8, out_size, scale, lanczos4);
}

}  // namespace polyloop::frames::detail
