#include "resize_taps.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

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

/// weights[t] is that of the sample t - Count / 2 + 1 after the one before the place.
template <std::size_t Count>
using weights_at = std::array<double, Count>;

weights_at<2> linear(double fraction) {
  return {1 - fraction, fraction};
}

weights_at<4> cubic(double fraction) {
  constexpr double a = -0.75;
  const auto near = [](double x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
  const auto far = [](double x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
  return {far(1 + fraction), near(fraction), near(1 - fraction), far(2 - fraction)};
}

/// sinc(x) sinc(x / 4) at x = t - 3 - fraction. The sines of a place differ by multiples of a half and of an
/// eighth of a turn, so that three will do.
weights_at<8> lanczos4(double fraction) {
  if (fraction == 0) return {0, 0, 0, 1, 0, 0, 0, 0};
  constexpr double root = std::numbers::sqrt2 / 2;
  constexpr double sines[] = {-root, -1, -root, 0, root, 1, root, 0};
  constexpr double cosines[] = {-root, 0, root, 1, root, 0, -root, -1};
  const double whole = std::sin(std::numbers::pi * fraction);
  const double quarter_sine = std::sin(std::numbers::pi / 4 * fraction);
  const double quarter_cosine = std::cos(std::numbers::pi / 4 * fraction);
  weights_at<8> made{};
  for (std::size_t t = 0; t < made.size(); ++t) {
    const double x = std::numbers::pi * (static_cast<double>(t) - 3 - fraction);
    const double sine = t % 2 == 0 ? whole : -whole;
    made[t] = 4 * sine * (sines[t] * quarter_cosine - cosines[t] * quarter_sine) / (x * x);
  }
  return made;
}

/// Taps around each place, weighed by weigh(fraction) and scaled to a sum of 1.
template <class Weigh>
resize_taps around(index_t out_size, double scale, const Weigh& weigh) {
  constexpr auto count = static_cast<index_t>(std::tuple_size_v<decltype(weigh(0.0))>);
  resize_taps made{count, {}, {}};
  made.first.reserve(static_cast<std::size_t>(out_size));
  made.weights.reserve(static_cast<std::size_t>(count * out_size));
  for (index_t i = 0; i < out_size; ++i) {
    const place at = place_of(i, scale);
    made.first.push_back(at.whole - count / 2 + 1);
    const auto weights = weigh(at.fraction);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (const double weight : weights) made.weights.push_back(static_cast<float>(weight / sum));
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
      return around(out_size, scale, linear);
    case interpolation::area:
      return by_area(in_size, out_size);
    case interpolation::bicubic:
      return around(out_size, scale, cubic);
    case interpolation::lanczos:
      break;
  }
  return around(out_size, scale, lanczos4);
}

index_t reach_beyond(const resize_taps& of, index_t size) {
  const auto [least, most] = std::minmax_element(of.first.begin(), of.first.end());
  return std::max<index_t>({0, -*least, *most + of.taps - size});
}

}  // namespace polyloop::frames::detail
