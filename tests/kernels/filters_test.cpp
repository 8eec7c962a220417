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
    check_filter<Out, In>(size, [&](auto in, auto out) { return sobel_dx(in, out, edge); }, gradient(sobel_x), tolerance);
    check_filter<Out, In>(size, [&](auto in, auto out) { return sobel_dy(in, out, edge); }, gradient(sobel_y), tolerance);
    check_filter<Out, In>(
        size, [&](auto in, auto out) { return sobel_l1(in, out, edge); },
        [&](const auto& in, index_t x, index_t y, index_t c) {
          return static_cast<Out>(std::abs(operator3(in, x, y, c, edge, sobel_x)) +
                                  std::abs(operator3(in, x, y, c, edge, sobel_y)));
        },
        tolerance);
    check_filter<Out, In>(
        size, [&](auto in, auto out) { return laplacian(in, out, laplace_form::cross, edge); }, gradient(cross), tolerance);
    check_filter<Out, In>(
        size, [&](auto in, auto out) { return laplacian(in, out, laplace_form::corners, edge); }, gradient(corners),
        tolerance);
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
          return reference::sample_of<Out>(std::is_integral_v<Out> ? static_cast<double>(std::floor(root + 0.5F)) : root);
        },
        tolerance);
  });
}

/// fold(so far, sample) over a window, beginning with its first sample.
template <class T, class Number, class Fold>
Number over_window(const view<const T>& in, index_t x, index_t y, index_t c, const window& of, const Fold& fold) {
  Number all{};
  for (index_t row = 0; row < of.height; ++row)
    for (index_t column = 0; column < of.width; ++column) {
      const auto sample = static_cast<Number>(
          at(in, x + column - of.width / 2, y + row - of.height / 2, c, of.edge));
      all = row == 0 && column == 0 ? sample : fold(all, sample);
    }
  return all;
}

const window windows[] = {{3, 3}, {1, 1}, {5, 2}, {4, 7}, {16, 1}, {1, 12}, {23, 11}, {61, 30}};

template <class T>
void check_box() {
  on_every_frame<T>([&](const shape& size, const border& edge) {
    if (size.width > 40) return;
    for (window of : windows) {
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
          std::is_same_v<T, float> ? 1e-5 : area <= 185 && sizeof(T) == 1 ? 0 : 1);
    }
  });
}

template <class T>
void check_morphology() {
  on_every_frame<T>([&](const shape& size, const border& edge) {
    if (size.width > 40) return;
    for (window of : windows) {
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
        const T sample = at(in, x + place % of.of.width - of.of.width / 2, y + place / of.of.width - of.of.height / 2, c,
                            of.of.edge);
        all = any ? better(all, sample) : sample;
        any = true;
      }
      return all;
    };
  };
  check_filter<T, T>(size, [&](auto in, auto out) { return erode(in, out, of); },
                     naive([](T a, T b) { return std::min(a, b); }));
  check_filter<T, T>(size, [&](auto in, auto out) { return dilate(in, out, of); },
                     naive([](T a, T b) { return std::max(a, b); }));
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

TEST_CASE("frames: a box is the mean of its window") {
  check_box<std::uint8_t>();
  check_box<std::uint16_t>();
  check_box<float>();
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
