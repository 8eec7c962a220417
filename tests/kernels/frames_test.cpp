#include <doctest/doctest.h>

#include <limits>
#include <stop_token>
#include <string>
#include <utility>

#include "frames_reference.hpp"
#include "simd_targets.hpp"

using polyloop::index_t;
using polyloop::invalid_argument;
using reference::frame;
using reference::noise;
using namespace polyloop::frames;

namespace {

// 1 pixel, one row, one column, bands cut short, rows longer than a block of the blur.
const shape sizes[] = {{1, 1}, {1, 7}, {7, 1}, {2, 2}, {13, 9}, {33, 17}, {131, 40}, {601, 3}};
const shape nothing[] = {{0, 0}, {0, 5}, {5, 0}};

shape with_channels(const shape& size, index_t channels) {
  return {size.width, size.height, channels};
}

/// The text after "name is ": what the caller is told.
template <class Call>
std::string refused_argument(const Call& call) {
  try {
    call();
  } catch (const invalid_argument& problem) {
    return problem.argument();
  }
  return "nothing";
}

template <class T>
void check_grayscale(const shape& size) {
  CAPTURE(to_string(size));
  auto rgb = noise<T>(with_channels(size, 3));
  frame<T> gray(size);
  const auto result = grayscale(rgb.pixels(), gray.pixels());
  CHECK(result.finished());
  CHECK(result.iterations == size.height);
  bool same = gray.gaps_intact();
  for (index_t y = 0; y < size.height; ++y)
    for (index_t x = 0; x < size.width; ++x)
      same = same && *gray.pixels().pixel(x, y) == reference::luma(rgb.pixels().pixel(x, y));
  CHECK(same);
}

template <class T>
void check_blur(const shape& size, double sigma, index_t radius, const border& edge = {}) {
  CAPTURE(to_string(size));
  CAPTURE(sigma);
  CAPTURE(radius);
  CAPTURE(to_string(edge.mode));
  auto in = noise<T>(size);
  frame<T> out(size);
  frame<T> expected(size);
  CHECK(
      gaussian_blur(in.pixels(), out.pixels(), {.sigma = sigma, .radius = radius, .edge = edge}).finished());
  reference::blur(in.pixels(), expected.pixels(), sigma, radius, edge);
  CHECK(out.samples() == expected.samples());
  const double tolerance = std::is_integral_v<T> ? 1.0 : 1e-5;
  if (radius <= 24) CHECK(reference::blur_error(in.pixels(), out.pixels(), sigma, radius, edge) <= tolerance);
}

template <class In, class Number, class Out>
void check_sobel(const shape& size) {
  CAPTURE(to_string(size));
  auto in = noise<In>(size);
  frame<Out> out(size);
  CHECK(sobel_magnitude(in.pixels(), out.pixels()).finished());
  bool same = out.gaps_intact();
  for (index_t y = 0; y < size.height; ++y)
    for (index_t x = 0; x < size.width; ++x) {
      const float root = reference::sobel<Number>(in.pixels(), x, y);
      const Out got = *out.pixels().pixel(x, y);
      if constexpr (std::is_integral_v<Out>) {
        same = same && got == reference::cut(static_cast<int>(std::lround(root)));
      } else if constexpr (std::is_integral_v<In>) {
        same = same && got == root;
      } else {
        same = same && std::abs(got - root) <= 1e-5F;  // sums in another order
      }
    }
  CHECK(same);
}

/// Noise as 4:2:0 planes.
struct noisy_planes {
  explicit noisy_planes(const shape& size)
      : y(noise<std::uint8_t>(size, 1)),
        u(noise<std::uint8_t>({(size.width + 1) / 2, (size.height + 1) / 2}, 2)),
        v(noise<std::uint8_t>({(size.width + 1) / 2, (size.height + 1) / 2}, 3)) {}
  yuv_planes planes() { return {y.pixels(), u.pixels(), v.pixels()}; }
  frame<std::uint8_t> y, u, v;
};

/// All samples of the outputs of all filters.
std::vector<float> filter_everything(const shape& size) {
  std::vector<float> all;
  const auto keep = [&all](const auto& out) {
    all.insert(all.end(), out.samples().begin(), out.samples().end());
  };
  const auto filter_as = [&]<class T>(T) {
    auto rgb = noise<T>(with_channels(size, 3));
    frame<T> gray(size);
    frame<T> blurred(rgb.pixels().size());
    frame<float> edges(size);
    grayscale(rgb.pixels(), gray.pixels());
    gaussian_blur(rgb.pixels(), blurred.pixels(), {.sigma = 2.3});
    sobel_magnitude(gray.pixels(), edges.pixels());
    keep(gray), keep(blurred), keep(edges);
  };
  filter_as(std::uint8_t{});
  filter_as(float{});
  frame<std::uint8_t> rgb(with_channels(size, 3));
  yuv420_to_rgb(noisy_planes(size).planes(), rgb.pixels());
  keep(rgb);
  return all;
}

}  // namespace

TEST_CASE("frames: a view refuses what is no frame, naming the argument") {
  std::uint8_t data[12] = {};
  constexpr index_t huge = std::numeric_limits<index_t>::max();
  const auto refused = [&](const shape& size, index_t stride) {
    return refused_argument([&] { view<std::uint8_t>(data, size, stride); });
  };
  CHECK(refused({4, 3}, 4) == "nothing");
  CHECK(refused({-1, 3}, 4) == "width");
  CHECK(refused({4, -3}, 4) == "height");
  CHECK(refused({4, 3, 0}, 4) == "channels");
  CHECK(refused({4, 3}, 3) == "stride");
  CHECK(refused({2, 2, 3}, 5) == "stride");
  CHECK(refused({huge, 1, 2}, huge) == "width");
  CHECK(refused({4, huge / 2}, 4) == "height");
  CHECK(refused_argument([] { view<float>(nullptr, {1, 1}); }) == "data");
  CHECK(refused_argument([] { view<float>(nullptr, {0, 1}); }) == "nothing");
  CHECK_THROWS_WITH_AS(view<std::uint8_t>(data, {4, 3}, 2),
                       doctest::Contains("stride is 2: expected at least width * channels = 4"),
                       invalid_argument);
}

TEST_CASE("frames: an image has aligned rows of zeros, moves, and clones") {
  image<float> made({.width = 5, .height = 3, .channels = 3});
  CHECK(made.stride() == 16);
  CHECK(reinterpret_cast<std::uintptr_t>(made.row(1)) % 64 == 0);
  CHECK(made.row(2)[14] == 0.0F);
  made.row(2)[14] = 3.0F;
  const image<float> copy = made.clone();
  image<float> moved = std::move(made);
  CHECK(moved.row(2)[14] == 3.0F);
  CHECK(copy.row(2)[14] == 3.0F);
  CHECK(copy.row(2) != moved.row(2));
  CHECK(made.size() == shape{});  // NOLINT(bugprone-use-after-move): it is defined to be empty
  const view<const float> read = moved;
  CHECK(read.pixel(4, 2)[2] == 3.0F);
  CHECK(refused_argument([] { image<float>({-1, 2}); }) == "width");
  CHECK(refused_argument([] { image<float>({std::numeric_limits<index_t>::max(), 2}); }) == "width");
  CHECK(refused_argument([] {
          image<float>({1 << 20, std::numeric_limits<index_t>::max() >> 10});
        }) == "height");
}

TEST_CASE("frames: grayscale is the weighted sum") {
  for (const shape& size : sizes) {
    check_grayscale<std::uint8_t>(size);
    check_grayscale<std::uint16_t>(size);
    check_grayscale<float>(size);
  }
  image<std::uint8_t> rgb({256, 1, 3});
  image<std::uint8_t> gray({256, 1});
  for (index_t i = 0; i < 256 * 3; ++i) rgb.row(0)[i] = static_cast<std::uint8_t>(i / 3);
  grayscale(rgb, gray);
  for (index_t i = 0; i < 256; ++i) CHECK(gray.row(0)[i] == i);
}

TEST_CASE("frames: a Gaussian blur is its two passes, in every size and number of channels") {
  for (const shape& size : sizes)
    for (const index_t channels : {1, 2, 3, 4})
      for (const auto& [sigma, radius] :
           {std::pair<double, index_t>{0.8, 0}, {0.5, 1}, {1.6, 5}, {7.0, 21}}) {
        check_blur<std::uint8_t>(with_channels(size, channels), sigma, radius);
        check_blur<float>(with_channels(size, channels), sigma, radius);
      }
}

TEST_CASE("frames: a blur knows every border, on every SIMD target") {
  simd::on_every_target([] {
    for (const shape& size : {shape{1, 1, 3}, shape{2, 1}, shape{13, 9, 3}, shape{70, 5}})
      for (const auto& [sigma, radius] : {std::pair<double, index_t>{1.1, 2}, {7.0, 21}, {12.0, 40}}) {
        for (const border& edge : reference::every_border<std::uint8_t>()) {
          check_blur<std::uint8_t>(size, sigma, radius, edge);
          check_blur<std::uint16_t>(size, sigma, radius, edge);
        }
        for (const border& edge : reference::every_border<float>())
          check_blur<float>(size, sigma, radius, edge);
      }
  });
}

TEST_CASE("frames: a blur may be larger than the frame, and flat as a box or sharp as a needle") {
  for (const shape& size : {shape{1, 1, 3}, shape{5, 4}, shape{13, 9}}) {
    check_blur<std::uint8_t>(size, 300.0, 900);
    check_blur<std::uint8_t>(size, 40.0, 1024);
    check_blur<std::uint8_t>(size, 1e300, 24);
    check_blur<std::uint8_t>(size, 5e-324, 2);
    check_blur<float>(size, 300.0, 900);
    check_blur<float>(size, 5e-324, 2);
  }
}

TEST_CASE("frames: a blur leaves a constant frame as it is, and reaches 3 sigma by default") {
  image<std::uint8_t> in({40, 30});
  image<std::uint8_t> out({40, 30});
  for (const int level : {0, 1, 128, 255}) {
    std::fill(in.row(0), in.row(29) + 40, static_cast<std::uint8_t>(level));
    for (const double sigma : {0.3, 1.0, 9.7, 120.0}) {
      gaussian_blur(in, out, {sigma});
      CHECK(std::all_of(out.row(17), out.row(17) + 40, [level](int sample) { return sample == level; }));
    }
  }
  auto random = noise<float>({31, 8});
  frame<float> by_default({31, 8});
  frame<float> by_radius({31, 8});
  gaussian_blur(random.pixels(), by_default.pixels(), {.sigma = 1.5});
  gaussian_blur(random.pixels(), by_radius.pixels(), {.sigma = 1.5, .radius = 5});
  CHECK(by_default.samples() == by_radius.samples());
}

TEST_CASE("frames: Sobel magnitude is the root of the two gradients") {
  for (const shape& size : sizes) {
    check_sobel<std::uint8_t, int, float>(size);
    check_sobel<std::uint8_t, int, std::uint8_t>(size);
    check_sobel<float, float, float>(size);
  }
  image<std::uint8_t> step({4, 1});
  image<float> edges({4, 1});
  step.row(0)[2] = step.row(0)[3] = 1;
  sobel_magnitude(step, edges);
  CHECK(edges.row(0)[0] == 0.0F);
  CHECK(edges.row(0)[1] == 4.0F);
  CHECK(edges.row(0)[2] == 4.0F);
}

TEST_CASE("frames: 4:2:0 planes become RGB") {
  for (const shape& size : sizes) {
    CAPTURE(to_string(size));
    noisy_planes in(size);
    frame<std::uint8_t> rgb(with_channels(size, 3));
    CHECK(yuv420_to_rgb(in.planes(), rgb.pixels()).finished());
    bool same = rgb.gaps_intact();
    for (index_t y = 0; y < size.height; ++y)
      for (index_t x = 0; x < size.width; ++x) {
        std::uint8_t expected[3];
        reference::yuv_to_rgb(in.planes(), x, y, expected);
        same = same && std::equal(expected, expected + 3, rgb.pixels().pixel(x, y));
      }
    CHECK(same);
  }
}

TEST_CASE("frames: a frame without pixels is filtered by doing nothing") {
  for (const shape& size : nothing) {
    image<std::uint8_t> gray(size);
    image<std::uint8_t> other(size);
    image<float> edges(size);
    image<std::uint8_t> rgb(with_channels(size, 3));
    const image<std::uint8_t> chroma({(size.width + 1) / 2, (size.height + 1) / 2});
    CHECK(grayscale(rgb, gray).finished());
    CHECK(gaussian_blur(gray, other, {2.0}).finished());
    CHECK(sobel_magnitude(gray, edges).finished());
    CHECK(yuv420_to_rgb({gray, chroma, chroma}, rgb).iterations == 0);
  }
}

TEST_CASE("frames: wrong shapes and kernels are refused by name") {
  image<std::uint8_t> one({8, 6});
  image<std::uint8_t> two({8, 6});
  image<std::uint8_t> small({7, 6});
  image<std::uint8_t> rgb({8, 6, 3});
  image<std::uint8_t> five({8, 6, 5});
  image<std::uint8_t> five_more({8, 6, 5});
  const auto blur_refused = [&](const gaussian& kernel) {
    return refused_argument([&] { gaussian_blur(one, two, kernel); });
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(refused_argument([&] { grayscale(one, two); }) == "rgb");
  CHECK(refused_argument([&] { grayscale(rgb, small); }) == "gray");
  CHECK(refused_argument([&] { gaussian_blur(one, small, {1.0}); }) == "out");
  CHECK(refused_argument([&] { gaussian_blur(five, five_more, {1.0}); }) == "channels");
  for (const double sigma : {0.0, -1.0, infinity, -infinity, std::numeric_limits<double>::quiet_NaN(), 342.0})
    CHECK(blur_refused({.sigma = sigma}) == "sigma");
  CHECK(blur_refused({.sigma = 1.0, .radius = -1}) == "radius");
  CHECK(blur_refused({.sigma = 1.0, .radius = most_blur_radius + 1}) == "radius");
  CHECK(refused_argument([&] { sobel_magnitude(five, five_more); }) == "channels");
  CHECK(refused_argument([&] { sobel_magnitude(one, small); }) == "out");
  CHECK(refused_argument([&] { yuv420_to_rgb({rgb, one, one}, rgb); }) == "y");
  CHECK(refused_argument([&] { yuv420_to_rgb({one, one, one}, rgb); }) == "u");
  const image<std::uint8_t> half({4, 3});
  CHECK(refused_argument([&] { yuv420_to_rgb({one, half, one}, rgb); }) == "v");
  CHECK(refused_argument([&] { yuv420_to_rgb({one, half, half}, one); }) == "rgb");
}

TEST_CASE("frames: an output that overlaps the input is refused; halves of one frame are apart") {
  image<std::uint8_t> whole({20, 10});
  const auto part = [&whole](index_t x, index_t y, index_t width, index_t height) {
    return view<std::uint8_t>(whole.pixels().pixel(x, y), {width, height}, whole.stride());
  };
  const auto refused = [](const view<std::uint8_t>& in, const view<std::uint8_t>& out) {
    return refused_argument([&] { gaussian_blur(in, out, {1.0}); }) == "out";
  };
  CHECK(refused(whole, whole));
  CHECK(refused(part(0, 0, 10, 8), part(9, 1, 10, 8)));
  CHECK(refused(part(9, 1, 10, 8), part(0, 0, 10, 8)));
  CHECK(refused(part(10, 0, 10, 8), part(2, 1, 10, 8)));
  CHECK_FALSE(refused(part(0, 0, 10, 10), part(10, 0, 10, 10)));
  CHECK_FALSE(refused(part(10, 0, 10, 10), part(0, 0, 10, 10)));
  CHECK_FALSE(refused(part(0, 0, 20, 5), part(0, 5, 20, 5)));
  CHECK_FALSE(refused(part(10, 5, 10, 5), part(0, 0, 10, 5)));
}

TEST_CASE("frames: same bits on every backend and SIMD target with any number of workers") {
  for (const shape& size : {shape{1, 1}, shape{67, 45}, shape{320, 181}}) {
    const std::vector<float> expected = filter_everything(size);
    simd::on_everything([&] { CHECK(filter_everything(size) == expected); });
  }
}

TEST_CASE("frames: a filter stops when it is told to, and says so") {
  image<float> in({64, 400});
  image<float> out({64, 400});
  std::stop_source source;
  source.request_stop();
  const auto result = gaussian_blur(in, out, {1.0}, {.stop = source.get_token()});
  CHECK_FALSE(result.finished());
  CHECK(result.iterations < 400);
}
