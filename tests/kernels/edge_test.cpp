#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

/// A weighed sum of 3 x 3 samples, weights row by row.
template <class T>
double operator3(const view<const T>& in, index_t x, index_t y, index_t c, const border& edge,
                 const double (&weights)[9]) {
  double sum = 0;
  for (index_t i = 0; i < 9; ++i)
    sum += weights[i] * static_cast<double>(at(in, x + i % 3 - 1, y + i / 3 - 1, c, edge));
  return sum;
}

constexpr double sobel_x[] = {-1, 0, 1, -2, 0, 2, -1, 0, 1};
constexpr double sobel_y[] = {-1, -2, -1, 0, 0, 0, 1, 2, 1};
constexpr double cross[] = {0, 1, 0, 1, -4, 1, 0, 1, 0};
constexpr double corners[] = {2, 0, 2, 0, -8, 0, 2, 0, 2};

template <class In, class Out>
void check_gradients() {
  const double tolerance = std::is_same_v<In, float> ? 1e-5 : 0;
  on_every_frame<In>([&](const shape& size, const border& edge) {
    const auto gradient = [&](const double(&weights)[9]) {
      return [&](const auto& in, index_t x, index_t y, index_t c) {
        return static_cast<Out>(operator3(in, x, y, c, edge, weights));
      };
    };
    check_filter<Out, In>(
        size, [&](auto in, auto out) { return sobel_dx(in, out, edge); }, gradient(sobel_x), tolerance);
    check_filter<Out, In>(
        size, [&](auto in, auto out) { return sobel_dy(in, out, edge); }, gradient(sobel_y), tolerance);
    check_filter<Out, In>(
        size, [&](auto in, auto out) { return sobel_l1(in, out, edge); },
        [&](const auto& in, index_t x, index_t y, index_t c) {
          return static_cast<Out>(std::abs(operator3(in, x, y, c, edge, sobel_x)) +
                                  std::abs(operator3(in, x, y, c, edge, sobel_y)));
        },
        tolerance);
    check_filter<Out, In>(
        size, [&](auto in, auto out) { return laplacian(in, out, laplace_form::cross, edge); },
        gradient(cross), tolerance);
    check_filter<Out, In>(
        size, [&](auto in, auto out) { return laplacian(in, out, laplace_form::corners, edge); },
        gradient(corners), tolerance);
  });
}

template <class In, class Out>
void check_magnitude() {
  const double tolerance = std::is_same_v<In, float> ? 1e-5 : 0;
  on_every_frame<In>([&](const shape& size, const border& edge) {
    check_filter<Out, In>(
        size, [&](auto in, auto out) { return sobel_magnitude(in, out, edge); },
        [&](const auto& in, index_t x, index_t y, index_t c) {
          const auto gx = static_cast<float>(operator3(in, x, y, c, edge, sobel_x));
          const auto gy = static_cast<float>(operator3(in, x, y, c, edge, sobel_y));
          const float root = std::sqrt(gx * gx + gy * gy);
          return reference::sample_of_float<Out>(root);
        },
        tolerance);
  });
}

template <class T>
void check_morphology() {
  on_every_frame<T>([&](const shape& size, const border& edge) {
    if (size.width > 40) return;
    for (window of : windows) {
      if (of.width * of.height > 300 && size.channels > 1) continue;
      of.edge = edge;
      INFO("window ", of.width, " x ", of.height);
      check_filter<T, T>(
          size, [&](auto in, auto out) { return erode(in, out, of); },
          [&](const auto& in, index_t x, index_t y, index_t c) {
            return over_window<T, T>(in, x, y, c, of, [](T a, T b) { return std::min(a, b); });
          });
      check_filter<T, T>(
          size, [&](auto in, auto out) { return dilate(in, out, of); },
          [&](const auto& in, index_t x, index_t y, index_t c) {
            return over_window<T, T>(in, x, y, c, of, [](T a, T b) { return std::max(a, b); });
          });
    }
  });
}

template <class T>
void check_element(const structuring_element& of, const shape& size) {
  const auto naive = [&](const auto& better) {
    return [&](const auto& in, index_t x, index_t y, index_t c) {
      T all{};
      bool any = false;
      for (std::size_t i = 0; i < of.members.size(); ++i) {
        if (!of.members[i]) continue;
        const auto place = static_cast<index_t>(i);
        const T sample = at(in, x + place % of.of.width - of.of.width / 2,
                            y + place / of.of.width - of.of.height / 2, c, of.of.edge);
        all = any ? better(all, sample) : sample;
        any = true;
      }
      return all;
    };
  };
  check_filter<T, T>(
      size, [&](auto in, auto out) { return erode(in, out, of); },
      naive([](T a, T b) { return std::min(a, b); }));
  check_filter<T, T>(
      size, [&](auto in, auto out) { return dilate(in, out, of); },
      naive([](T a, T b) { return std::max(a, b); }));
}

/// Canny's edges, a pixel at a time, and traced until nothing changes.
std::vector<std::uint8_t> naive_canny(const view<const std::uint8_t>& in, int low, int high) {
  const index_t width = in.width(), height = in.height();
  const auto gradient = [&](index_t x, index_t y, const double(&by)[9]) {
    return static_cast<int>(operator3(in, x, y, 0, {}, by));
  };
  const auto magnitude = [&](index_t x, index_t y) {
    if (x < 0 || y < 0 || x >= width || y >= height) return 0;
    return std::abs(gradient(x, y, sobel_x)) + std::abs(gradient(x, y, sobel_y));
  };
  const auto is_thin = [&](index_t x, index_t y) {
    const int gx = gradient(x, y, sobel_x), gy = gradient(x, y, sobel_y), own = magnitude(x, y);
    const long across = std::abs(gx), down = std::abs(gy) * 32768L;
    if (down < across * 13573) return own > magnitude(x - 1, y) && own >= magnitude(x + 1, y);
    if (down > across * (13573 + 65536)) return own > magnitude(x, y - 1) && own >= magnitude(x, y + 1);
    const index_t s = (gx < 0) != (gy < 0) ? -1 : 1;
    return own > magnitude(x - s, y - 1) && own > magnitude(x + s, y + 1);
  };
  std::vector<std::uint8_t> marks(static_cast<std::size_t>(width * height));
  const auto mark = [&](index_t x, index_t y) -> std::uint8_t& {
    return marks[static_cast<std::size_t>(y * width + x)];
  };
  for (index_t y = 0; y < height; ++y)
    for (index_t x = 0; x < width; ++x)
      if (is_thin(x, y) && magnitude(x, y) > low) mark(x, y) = magnitude(x, y) > high ? 255 : 1;
  for (bool changed = true; changed;) {
    changed = false;
    for (index_t y = 0; y < height; ++y)
      for (index_t x = 0; x < width; ++x)
        for (index_t k = 0; k < 9 && mark(x, y) == 1; ++k) {
          const index_t u = x + k % 3 - 1, v = y + k / 3 - 1;
          if (u < 0 || v < 0 || u >= width || v >= height || mark(u, v) != 255) continue;
          mark(x, y) = 255;
          changed = true;
        }
  }
  for (std::uint8_t& each : marks) each = each == 255 ? 255 : 0;
  return marks;
}

void check_canny(const view<const std::uint8_t>& in, int low, int high) {
  INFO("size ", to_string(in.size()), ", limits ", low, " and ", high);
  frame<std::uint8_t> out(in.size());
  REQUIRE(canny(in, out.pixels(), {static_cast<double>(low), static_cast<double>(high)}).finished());
  CHECK(out.gaps_intact());
  const std::vector<std::uint8_t> expected = naive_canny(in, low, high);
  bool same = true;
  for (index_t y = 0; y < in.height(); ++y)
    same = same && std::equal(out.pixels().row(y), out.pixels().row(y) + in.width(),
                              expected.begin() + y * in.width());
  CHECK(same);
}

}  // namespace

TEST_CASE("frames: Sobel's and Laplace's operators are their sums") {
  check_gradients<std::uint8_t, std::int16_t>();
  check_gradients<std::uint16_t, float>();
  check_gradients<float, float>();
}

TEST_CASE("frames: a magnitude is the root of both gradients, in every type") {
  check_magnitude<std::uint8_t, float>();
  check_magnitude<std::uint8_t, std::uint8_t>();
  check_magnitude<std::uint16_t, float>();
  check_magnitude<std::uint16_t, std::uint16_t>();
  check_magnitude<float, float>();
}

TEST_CASE("frames: erode and dilate are the least and the greatest of their window") {
  check_morphology<std::uint8_t>();
  check_morphology<std::uint16_t>();
  check_morphology<float>();
}

TEST_CASE("frames: erode and dilate take any structuring element") {
  structuring_element ring{{5, 3}, {}};
  for (int i = 0; i < 15; ++i) ring.members.push_back(i != 7 && i % 4 != 0);
  on_every_frame<std::uint8_t>([&](const shape& size, const border& edge) {
    ring.of.edge = edge;
    check_element<std::uint8_t>(ring, size);
    check_element<std::uint16_t>(ring, size);
    check_element<float>(ring, size);
  });
}

TEST_CASE("frames: Canny's edges are thin, and weak ones hang together with sure ones") {
  simd::on_every_target([] {
    for (const shape& size : {shape{1, 1}, shape{1, 9}, shape{9, 1}, shape{33, 37}, shape{70, 150}}) {
      auto noise = reference::noise<std::uint8_t>(size);
      frame<std::uint8_t> smooth(size);
      gaussian_blur(noise.pixels(), smooth.pixels(), {2.0});
      check_canny(noise.pixels(), 300, 900);
      check_canny(smooth.pixels(), 20, 90);
      check_canny(smooth.pixels(), 0, 120);
    }
  });
}

TEST_CASE("frames: an edge of Canny's is traced through all bands, whoever runs them") {
  // A long weak edge with one sure place near its lower end.
  image<std::uint8_t> in({40, 400});
  for (index_t y = 0; y < 400; ++y)
    for (index_t x = 20; x < 40; ++x) in.row(y)[x] = y == 390 ? 200 : 40;
  image<std::uint8_t> out(in.size());
  const int combinations = simd::on_everything([&] {
    canny(in, out, {100, 700});
    index_t rows = 0;
    for (index_t y = 0; y < 380; ++y) rows += out.row(y)[19] == 255 || out.row(y)[20] == 255;
    CHECK(rows == 380);
    check_canny(in, 100, 700);
  });
  CHECK(combinations >= simd::least_combinations());
}

TEST_CASE("frames: limits of Canny's edges may be given the other way round, and not as NaN") {
  auto in = reference::noise<std::uint8_t>({33, 37});
  frame<std::uint8_t> out({33, 37}), other({33, 37});
  canny(in.pixels(), out.pixels(), {300, 900});
  canny(in.pixels(), other.pixels(), {900, 300});
  CHECK(out.samples() == other.samples());
  CHECK(refused([&] { canny(in.pixels(), out.pixels(), {std::nan(""), 1}); }) == "low");
  CHECK(refused([&] { canny(in.pixels(), out.pixels(), {1, std::nan("")}); }) == "high");
  image<std::uint8_t> rgb({3, 3, 3});
  CHECK(refused([&] { canny(rgb, rgb); }) == "in");
}
