#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

template <class T>
void check_box() {
  on_every_frame<T>([&](const shape& size, const border& edge) {
    if (size.width > 40) return;
    for (window of : windows) {
      if (of.width * of.height > 300 && size.channels > 1) continue;
      of.edge = edge;
      INFO("window ", of.width, " x ", of.height);
      const auto area = static_cast<double>(of.width * of.height);
      check_filter<T, T>(
          size, [&](auto in, auto out) { return box_blur(in, out, of); },
          [&](const auto& in, index_t x, index_t y, index_t c) {
            const auto sum = over_window<T, double>(in, x, y, c, of, std::plus<>());
            return reference::sample_of<T>(sum / area);
          },
          // Exact where an integer sum has no half to round and the division is one of integers.
          std::is_same_v<T, float>        ? 1e-5
          : area <= 256 && sizeof(T) == 1 ? 0
                                          : 1);
    }
  });
}

template <class T>
void check_median(index_t radius, const shape& size, const border& edge) {
  INFO("radius ", radius);
  check_filter<T, T>(
      size,
      [&](auto in, auto out) {
        return median(in, out, {radius, edge});
      },
      [&](const auto& in, index_t x, index_t y, index_t c) {
        std::vector<T> samples;
        for (index_t dy = -radius; dy <= radius; ++dy)
          for (index_t dx = -radius; dx <= radius; ++dx) samples.push_back(at(in, x + dx, y + dy, c, edge));
        std::sort(samples.begin(), samples.end());
        return samples[samples.size() / 2];
      });
}

weighed_window noisy_window(index_t width, index_t height, const border& edge, bool product) {
  weighed_window made{{width, height, edge}, {}};
  std::uint32_t state = 7;
  const auto next = [&state] {
    state = state * 1664525U + 1013904223U;
    return static_cast<float>(state >> 24) / 1024.0F - 0.1F;
  };
  std::vector<float> column, row;
  for (index_t i = 0; i < height; ++i) column.push_back(next());
  for (index_t i = 0; i < width; ++i) row.push_back(next());
  for (index_t i = 0; i < width * height; ++i)
    made.weights.push_back(product ? column[static_cast<std::size_t>(i / width)] *
                                         row[static_cast<std::size_t>(i % width)]
                           : i % 4 == 1 ? 0.0F
                                        : next());
  return made;
}

template <class T>
double weighed_sum(const view<const T>& in, index_t x, index_t y, index_t c, const weighed_window& by) {
  double sum = 0;
  for (std::size_t i = 0; i < by.weights.size(); ++i) {
    const auto place = static_cast<index_t>(i);
    sum += static_cast<double>(by.weights[i]) *
           static_cast<double>(at(in, x + place % by.of.width - by.of.width / 2,
                                  y + place / by.of.width - by.of.height / 2, c, by.of.edge));
  }
  return sum;
}

template <class T>
void check_convolution() {
  on_every_frame<T>([&](const shape& size, const border& edge) {
    for (const auto& [width, height] : {std::pair<index_t, index_t>{3, 3}, {4, 1}, {1, 6}, {7, 5}})
      for (const bool product : {false, true}) {
        const weighed_window by = noisy_window(width, height, edge, product);
        check_filter<T, T>(
            size, [&](auto in, auto out) { return convolve(in, out, by); },
            [&](const auto& in, index_t x, index_t y, index_t c) {
              return reference::sample_of<T>(weighed_sum(in, x, y, c, by));
            },
            // A sum near a half may be rounded the other way.
            std::is_integral_v<T> ? 1 : 1e-5);
      }
  });
}

template <class T>
void check_unsharp(const shape& size, const border& edge, double amount) {
  const gaussian blur{.sigma = 1.3, .radius = 3, .edge = edge};
  auto noise = reference::noise<T>(size);
  frame<T> blurred(size);
  reference::blur(noise.pixels(), blurred.pixels(), 1.3, 3, edge);
  const double factor = sizeof(T) == 1 ? std::round(amount * 1024) / 1024 : amount;
  check_filter<T, T>(
      size,
      [&](auto in, auto out) {
        return unsharp_mask(in, out, {blur, amount});
      },
      [&](const auto& in, index_t x, index_t y, index_t c) {
        const auto sample = static_cast<double>(in.pixel(x, y)[c]);
        const auto away = sample - static_cast<double>(blurred.pixels().pixel(x, y)[c]);
        return reference::sample_of<T>(sample + factor * away);
      },
      // The blur of 16 bits is rounded here and not in the filter.
      std::is_same_v<T, float> ? 1e-2
      : sizeof(T) == 1         ? 0
                               : 1 + amount);
}

template <class T>
void check_bilateral(const shape& size, const bilateral& how) {
  const auto& [radius, sigma_range, sigma_space, edge] = how;
  check_filter<T, T>(
      size, [&](auto in, auto out) { return bilateral_filter(in, out, how); },
      [&](const auto& in, index_t x, index_t y, index_t c) {
        double sum = 0, weights = 0;
        for (index_t dy = -radius; dy <= radius; ++dy)
          for (index_t dx = -radius; dx <= radius; ++dx) {
            if (dx * dx + dy * dy > radius * radius) continue;
            double apart = 0;
            for (index_t k = 0; k < size.channels; ++k)
              apart += std::abs(static_cast<double>(at(in, x + dx, y + dy, k, edge)) -
                                static_cast<double>(at(in, x, y, k, edge)));
            const double own =
                std::exp(-static_cast<double>(dx * dx + dy * dy) / (2 * sigma_space * sigma_space) -
                         apart * apart / (2 * sigma_range * sigma_range));
            weights += own;
            sum += own * static_cast<double>(at(in, x + dx, y + dy, c, edge));
          }
        return reference::sample_of<T>(sum / weights);
      },
      std::is_same_v<T, float> ? 2e-4
      : sizeof(T) == 1         ? 1
                               : 20);
}

}  // namespace

TEST_CASE("frames: a box is the mean of its window") {
  check_box<std::uint8_t>();
  check_box<std::uint16_t>();
  check_box<float>();
}

TEST_CASE("frames: a median is the middle one of the sorted samples") {
  on_every_frame<std::uint8_t>([](const shape& size, const border& edge) {
    if (size.width > 40 && size.channels > 1) return;
    for (const index_t radius : {0, 1, 2, 3, 6}) check_median<std::uint8_t>(radius, size, edge);
    for (const index_t radius : {1, 2, 3}) {
      check_median<std::uint16_t>(radius, size, edge);
      check_median<float>(radius, size, {edge.mode, 0.5});
    }
  });
}

TEST_CASE("frames: a median may be larger than the frame, and wider than a strip of counts") {
  for (const shape& size : {shape{1, 1, 3}, shape{9, 5}})
    check_median<std::uint8_t>(most_median_radius, size, {});
  check_median<std::uint8_t>(3, {1100, 19}, {});
  check_median<std::uint8_t>(4, {530, 3, 3}, border_mode::reflect101);
}

TEST_CASE("frames: a convolution is the weighed sum, of a product of weights too") {
  check_convolution<std::uint8_t>();
  check_convolution<std::uint16_t>();
  check_convolution<float>();
}

TEST_CASE("frames: an unsharp mask adds the difference to the blur") {
  on_every_type([]<class T>() {
    on_every_frame<T>([](const shape& size, const border& edge) {
      for (const double amount : {0.0, 0.7, 3.5}) check_unsharp<T>(size, edge, amount);
    });
  });
}

// Where differences count most, a 17th bit was once cut off the numbers of 16 bits: at 54.55, at 217.3.
TEST_CASE("frames: a bilateral filter of bytes follows every sigma") {
  for (double sigma = 4; sigma < 1500; sigma *= 1.13)
    check_bilateral<std::uint8_t>({19, 6, 2}, {2, sigma, 1.7});
  for (const double sigma : {54.55, 57.95, 60.5, 63.5, 66.25, 217.3, 217.4})
    for (const index_t channels : {1, 3, 4})
      check_bilateral<std::uint8_t>({19, 6, channels}, {2, sigma, 1.7});
}

TEST_CASE("frames: a bilateral filter weighs by distance and by difference") {
  on_every_frame<std::uint8_t>([](const shape& size, const border& edge) {
    if (size.width > 40) return;
    for (const index_t radius : {0, 1, 3}) {
      check_bilateral<std::uint8_t>(size, {radius, 40, 1.7, edge});
      check_bilateral<std::uint16_t>(size, {radius, 9000, 1.7, edge});
      check_bilateral<float>(size, {radius, 0.2, 1.7, {edge.mode, 0.4}});
    }
  });
  image<std::uint8_t> in({8, 6});
  image<std::uint8_t> out({8, 6});
  CHECK(refused([&] { bilateral_filter(in, out, {.radius = -1}); }) == "radius");
  CHECK(refused([&] { bilateral_filter(in, out, {.radius = most_bilateral_radius + 1}); }) == "radius");
  CHECK(refused([&] { bilateral_filter(in, out, {.sigma_range = 0}); }) == "sigma_range");
  CHECK(refused([&] { bilateral_filter(in, out, {.sigma_space = std::nan("")}); }) == "sigma_space");
}

TEST_CASE("frames: bad windows, weights and amounts are refused by name") {
  image<std::uint8_t> in({8, 6});
  image<std::uint8_t> out({8, 6});
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(refused([&] { erode(in, out, window{0, 3}); }) == "width");
  CHECK(refused([&] { dilate(in, out, window{3, -1}); }) == "height");
  CHECK(refused([&] { erode(in, out, window{3, most_window_side + 1}); }) == "height");
  CHECK(refused([&] { box_blur(in, out, window{1000, 1000}); }) == "height");
  CHECK(refused([&] { erode(in, in, window{}); }) == "out");
  CHECK(refused([&] { erode(in, out, structuring_element{{2, 2}, {true}}); }) == "members");
  CHECK(refused([&] { erode(in, out, structuring_element{{2, 1}, {false, false}}); }) == "members");
  CHECK(refused([&] { median(in, out, {-1}); }) == "radius");
  CHECK(refused([&] { median(in, out, {most_median_radius + 1}); }) == "radius");
  CHECK(refused([&] { convolve(in, out, {{2, 2}, {1, 2, 3}}); }) == "weights");
  CHECK(refused([&] { convolve(in, out, {{2, 1}, {1, nan}}); }) == "weights");
  CHECK(refused([&] {
          convolve(in, out, {{2, 1}, {1, std::numeric_limits<float>::infinity()}});
        }) == "weights");
  CHECK(refused([&] { unsharp_mask(in, out, {{}, -1}); }) == "amount");
  CHECK(refused([&] { unsharp_mask(in, out, {{}, std::nan("")}); }) == "amount");
  CHECK(refused([&] { unsharp_mask(in, out, {{.sigma = 0}}); }) == "sigma");
}
