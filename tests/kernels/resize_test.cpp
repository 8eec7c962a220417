#include <numbers>

#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

double sinc(double x) {
  return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

/// The weight of a sample at this distance.
double weight(interpolation how, double x) {
  x = std::abs(x);
  if (how == interpolation::bilinear) return std::max(0.0, 1 - x);
  if (how == interpolation::lanczos) return x < 4 ? sinc(x) * sinc(x / 4) : 0;
  if (x <= 1) return 1.25 * x * x * x - 2.25 * x * x + 1;
  return x < 2 ? -0.75 * (x * x * x - 5 * x * x + 8 * x - 4) : 0;
}

/// The weight of input sample k in output sample i.
double weight(interpolation how, index_t i, index_t k, index_t in_size, index_t out_size) {
  const double scale = static_cast<double>(in_size) / static_cast<double>(out_size);
  const auto at = static_cast<double>(i), from = static_cast<double>(k);
  if (how == interpolation::nearest) return k == static_cast<index_t>(at * scale) ? 1 : 0;
  if (how == interpolation::area)
    return std::max(0.0, std::min((at + 1) * scale, from + 1) - std::max(at * scale, from)) / scale;
  return weight(how, (at + 0.5) * scale - 0.5 - from);
}

/// All weights of an output sample, over samples beyond the border too, scaled to a sum of 1.
std::vector<double> all_weights(interpolation how, index_t i, index_t in_size, index_t out_size) {
  constexpr index_t beyond = 8;
  std::vector<double> all(static_cast<std::size_t>(in_size));
  double sum = 0;
  for (index_t k = -beyond; k < in_size + beyond; ++k) {
    const double own = weight(how, i, k, in_size, out_size);
    sum += own;
    all[static_cast<std::size_t>(std::clamp<index_t>(k, 0, in_size - 1))] += own;
  }
  for (double& own : all) own /= sum;
  return all;
}

/// How far a sample may be from its sum: near a half it may be rounded the other way, in 8 bits by a quarter.
template <class T>
bool near(T found, double sum, interpolation how) {
  if (how == interpolation::nearest || !std::is_same_v<T, std::uint8_t>)
    return equal<T>(found, reference::sample_of<T>(sum),
                    how == interpolation::nearest ? 0
                    : std::is_integral_v<T>       ? 1
                                                  : 1e-5);
  return std::abs(static_cast<double>(found) - std::clamp(sum, 0.0, 255.0)) <= 0.75;
}

template <class T>
void check_resize(interpolation how, reference::frame<T>& in, const shape& to) {
  const shape from = in.pixels().size();
  INFO(to_string(from), " to ", to_string(to), " by ", static_cast<int>(how));
  frame<T> out(to);
  REQUIRE(resize(in.pixels(), out.pixels(), how).finished());
  CHECK(out.gaps_intact());
  index_t wrong = 0;
  for (index_t y = 0; y < to.height; ++y) {
    const auto down = all_weights(how, y, from.height, to.height);
    for (index_t x = 0; x < to.width; ++x) {
      const auto across = all_weights(how, x, from.width, to.width);
      for (index_t c = 0; c < to.channels; ++c) {
        double sum = 0;
        for (index_t v = 0; v < from.height; ++v)
          for (index_t u = 0; u < from.width; ++u)
            sum += down[static_cast<std::size_t>(v)] * across[static_cast<std::size_t>(u)] *
                   static_cast<double>(in.pixels().pixel(u, v)[c]);
        wrong += !near<T>(out.pixels().pixel(x, y)[c], sum, how);
      }
    }
  }
  CHECK(wrong == 0);
}

template <class T>
void check_every_resize() {
  using enum interpolation;
  for (const interpolation how : {nearest, bilinear, area, bicubic, lanczos})
    for (const auto& [from, to] : {std::pair<shape, shape>{{1, 1}, {5, 3}},
                                   {{7, 5}, {1, 1}},
                                   {{12, 8}, {6, 4}},
                                   {{9, 6}, {3, 2}},
                                   {{10, 7}, {23, 11}},
                                   {{70, 4}, {50, 3}},
                                   {{20, 3}, {91, 3}},
                                   {{40, 5}, {3, 5}}})
      for (const index_t channels : {1, 3, 4}) {
        auto in = reference::noise<T>({from.width, from.height, channels});
        check_resize<T>(how, in, {to.width, to.height, channels});
      }
}

/// The least and the greatest sample in turn, by the bits of `pattern` along a row and of `rows` down: sums
/// go as far beyond the range as they can.
reference::frame<std::uint8_t> extremes(const shape& size, unsigned pattern, unsigned rows) {
  reference::frame<std::uint8_t> made(size);
  for (index_t y = 0; y < size.height; ++y)
    for (index_t i = 0; i < size.row_samples(); ++i) {
      const unsigned bit = (pattern >> (i / size.channels % 8)) ^ (rows >> (y % 8));
      made.pixels().row(y)[i] = (bit & 1U) != 0 ? 255 : 0;
    }
  return made;
}

}  // namespace

TEST_CASE("frames: a resized sample is the weighed sum of the samples around it") {
  simd::on_every_target([] {
    check_every_resize<std::uint8_t>();
    check_every_resize<std::uint16_t>();
    check_every_resize<float>();
  });
}

TEST_CASE("frames: resized bytes go beyond the range without a wrap") {
  simd::on_every_target([] {
    for (const interpolation how : {interpolation::bicubic, interpolation::lanczos})
      for (unsigned pattern = 0; pattern < 256; pattern += 5)
        for (const unsigned rows : {0U, 0x18U, 0x24U, 0x66U, 0x5aU, 0xa5U}) {
          auto in = extremes({16, 9, 1}, pattern, rows);
          check_resize<std::uint8_t>(how, in, {33, 19, 1});
        }
  });
}

TEST_CASE("frames: half the size is the mean of four, exactly") {
  simd::on_every_target([] {
    for (const index_t channels : {1, 3, 4})
      for (const index_t width : {1, 31, 70}) {
        auto in = reference::noise<std::uint8_t>({2 * width, 6, channels});
        frame<std::uint8_t> out({width, 3, channels});
        resize(in.pixels(), out.pixels(), interpolation::bilinear);
        index_t wrong = 0;
        for (index_t y = 0; y < 3; ++y)
          for (index_t x = 0; x < width; ++x)
            for (index_t c = 0; c < channels; ++c) {
              const auto sample = [&](index_t dx, index_t dy) {
                return in.pixels().pixel(2 * x + dx, 2 * y + dy)[c];
              };
              wrong += out.pixels().pixel(x, y)[c] !=
                       (sample(0, 0) + sample(1, 0) + sample(0, 1) + sample(1, 1) + 2) / 4;
            }
        CHECK(wrong == 0);
        CHECK(out.gaps_intact());
      }
  });
}

TEST_CASE("frames: a size from nothing is refused, and to nothing it is nothing") {
  image<std::uint8_t> none({0, 4});
  image<std::uint8_t> some({3, 4});
  CHECK_THROWS_AS(resize(none, some, interpolation::bilinear), polyloop::invalid_argument);
  CHECK(resize(some, none, interpolation::area).finished());
  image<std::uint8_t> rgb({3, 4, 3});
  CHECK_THROWS_AS(resize(some, rgb, interpolation::area), polyloop::invalid_argument);
}
