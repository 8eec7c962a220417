#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

/// The argument that a call refuses.
template <class Call>
std::string refused(const Call& call) {
  try {
    call();
  } catch (const polyloop::invalid_argument& problem) {
    return problem.argument();
  }
  return "nothing";
}

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
          return reference::sample_of_float<Out>(root);
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

const window windows[] = {{3, 3}, {1, 1}, {5, 2}, {4, 7}, {16, 1}, {1, 12}, {23, 11}, {17, 15}, {61, 30}};

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
          std::is_same_v<T, float> ? 1e-5 : area <= 256 && sizeof(T) == 1 ? 0 : 1);
    }
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

template <class T>
void check_median(index_t radius, const shape& size, const border& edge) {
  INFO("radius ", radius);
  check_filter<T, T>(
      size, [&](auto in, auto out) { return median(in, out, {radius, edge}); },
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
    made.weights.push_back(product        ? column[static_cast<std::size_t>(i / width)] * row[static_cast<std::size_t>(i % width)]
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
void check_unsharp() {
  on_every_frame<T>([&](const shape& size, const border& edge) {
    for (const double amount : {0.0, 0.7, 3.5}) {
      const gaussian blur{.sigma = 1.3, .radius = 3, .edge = edge};
      auto in = reference::noise<T>(size);
      frame<T> out(size), blurred(size);
      REQUIRE(unsharp_mask(in.pixels(), out.pixels(), {blur, amount}).finished());
      reference::blur(in.pixels(), blurred.pixels(), 1.3, 3, edge);
      CHECK(out.gaps_intact());
      index_t wrong = 0;
      for (index_t y = 0; y < size.height; ++y)
        for (index_t i = 0; i < size.row_samples(); ++i) {
          const auto sample = static_cast<double>(in.pixels().row(y)[i]);
          const double factor = sizeof(T) == 1 ? std::round(amount * 1024) / 1024 : amount;
          const double exact = sample + factor * (sample - static_cast<double>(blurred.pixels().row(y)[i]));
          // The blur of 16 bits is rounded here and not in the filter.
          const double tolerance = std::is_same_v<T, float> ? 1e-2 : sizeof(T) == 1 ? 0 : 1 + amount;
          wrong += !equal<T>(out.pixels().row(y)[i], reference::sample_of<T>(exact), tolerance);
        }
      CHECK(wrong == 0);
    }
  });
}

template <class T>
void check_threshold() {
  using enum threshold_form;
  const T limit = reference::sample_of<T>(std::is_integral_v<T> ? 100 : 0.3);
  const T high = reference::sample_of<T>(std::is_integral_v<T> ? 201 : 0.9);
  const auto expected = [&](threshold_form form, T sample) -> T {
    const bool above = sample > limit;
    switch (form) {
      case binary:
        return above ? high : T{};
      case binary_inverted:
        return above ? T{} : high;
      case truncate:
        return above ? limit : sample;
      case to_zero:
        return above ? sample : T{};
      default:
        return above ? T{} : sample;
    }
  };
  for (const shape& size : sizes)
    for (const threshold_form form : {binary, binary_inverted, truncate, to_zero, to_zero_inverted}) {
      check_filter<T, T>(
          size, [&](auto in, auto out) { return threshold(in, out, {limit, high, form}); },
          [&](const auto& in, index_t x, index_t y, index_t c) { return expected(form, in.pixel(x, y)[c]); });
      auto same = reference::noise<T>(size);
      auto apart = reference::noise<T>(size);
      threshold(same.pixels(), same.pixels(), {limit, high, form});
      frame<T> out(size);
      threshold(apart.pixels(), out.pixels(), {limit, high, form});
      CHECK(same.samples() == out.samples());
    }
}

template <class T>
void check_difference() {
  for (const shape& size : sizes) {
    auto b = reference::noise<T>(size, 9);
    check_filter<T, T>(
        size, [&](auto in, auto out) { return absolute_difference(in, b.pixels(), out); },
        [&](const auto& in, index_t x, index_t y, index_t c) {
          const T one = in.pixel(x, y)[c];
          const T other = b.pixels().pixel(x, y)[c];
          return static_cast<T>(one < other ? other - one : one - other);
        });
    auto in_place = reference::noise<T>(size);
    frame<T> out(size);
    absolute_difference(in_place.pixels(), b.pixels(), out.pixels());
    absolute_difference(in_place.pixels(), b.pixels(), in_place.pixels());
    CHECK(in_place.samples() == out.samples());
  }
}

/// The samples of n frames at the same place.
template <class T>
struct noisy_sequence {
  noisy_sequence(const shape& size, std::uint32_t count) {
    for (std::uint32_t k = 0; k < count; ++k) frames.push_back(reference::noise<T>(size, k + 1));
    for (auto& each : frames) views.push_back(each.pixels());
  }
  std::vector<T> at(index_t x, index_t y, index_t c) const {
    std::vector<T> samples;
    for (const auto& each : views) samples.push_back(each.pixel(x, y)[c]);
    return samples;
  }
  std::vector<frame<T>> frames;
  std::vector<view<const T>> views;
};

template <class T>
void check_sequences() {
  for (const shape& size : sizes)
    for (const std::uint32_t count : {1U, 2U, 3U, 5U, 8U, 256U}) {
      if (count > 10 && size.width > 20) continue;
      INFO("frames ", count);
      const noisy_sequence<T> all(size, count);
      const std::span<const view<const T>> in = all.views;
      check_filter<T, T>(
          size, [&](auto, auto out) { return temporal_mean(in, out); },
          [&](const auto&, index_t x, index_t y, index_t c) {
            double sum = 0;
            for (const T sample : all.at(x, y, c)) sum += static_cast<double>(sample);
            return reference::sample_of<T>(sum / count);
          },
          std::is_same_v<T, float> ? 1e-5 : sizeof(T) == 1 ? 0 : 1);
      check_filter<T, T>(
          size, [&](auto, auto out) { return temporal_median(in, out); },
          [&](const auto&, index_t x, index_t y, index_t c) {
            std::vector<T> samples = all.at(x, y, c);
            std::sort(samples.begin(), samples.end());
            return samples[samples.size() / 2];
          });
    }
}

template <class T>
void check_background(const shape& size) {
  auto in = reference::noise<T>(size);
  auto background = reference::noise<float>(size, 3);
  auto before = reference::noise<float>(size, 3);
  frame<T> out(size);
  REQUIRE(background_difference(in.pixels(), background.pixels(), out.pixels(), 0.25).finished());
  CHECK(out.gaps_intact());
  index_t wrong = 0;
  for (index_t y = 0; y < size.height; ++y)
    for (index_t i = 0; i < size.row_samples(); ++i) {
      const float difference = static_cast<float>(in.pixels().row(y)[i]) - before.pixels().row(y)[i];
      const float apart = std::abs(difference);
      wrong += out.pixels().row(y)[i] != reference::sample_of_float<T>(apart);
      wrong += background.pixels().row(y)[i] != before.pixels().row(y)[i] + 0.25F * difference;
    }
  CHECK(wrong == 0);
}

/// Calls run.operator()<T>() for each type of sample, on every SIMD target.
template <class Run>
void on_every_type(const Run& run) {
  simd::on_every_target([&] {
    run.template operator()<std::uint8_t>();
    run.template operator()<std::uint16_t>();
    run.template operator()<float>();
  });
}

template <class T>
void check_bilateral(const shape& size, const border& edge, index_t radius) {
  const bilateral how{radius, std::is_same_v<T, float> ? 0.2 : sizeof(T) == 1 ? 40 : 9000, 1.7, edge};
  check_filter<T, T>(
      size, [&](auto in, auto out) { return bilateral_filter(in, out, how); },
      [&](const auto& in, index_t x, index_t y, index_t c) {
        double sum = 0, weights = 0;
        for (index_t dy = -radius; dy <= radius; ++dy)
          for (index_t dx = -radius; dx <= radius; ++dx) {
            if (dx * dx + dy * dy > radius * radius) continue;
            double apart = 0;
            for (index_t k = 0; k < size.channels; ++k)
              apart += std::abs(static_cast<double>(at(in, x + dx, y + dy, k, edge)) - static_cast<double>(at(in, x, y, k, edge)));
            const double own = std::exp(-static_cast<double>(dx * dx + dy * dy) / (2 * how.sigma_space * how.sigma_space) -
                                        apart * apart / (2 * how.sigma_range * how.sigma_range));
            weights += own;
            sum += own * static_cast<double>(at(in, x + dx, y + dy, c, edge));
          }
        return reference::sample_of<T>(sum / weights);
      },
      std::is_same_v<T, float> ? 2e-4 : sizeof(T) == 1 ? 1 : 20);
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
  for (const shape& size : {shape{1, 1, 3}, shape{9, 5}}) check_median<std::uint8_t>(most_median_radius, size, {});
  check_median<std::uint8_t>(3, {1100, 19}, {});
  check_median<std::uint8_t>(4, {530, 3, 3}, border_mode::reflect101);
}

TEST_CASE("frames: a convolution is the weighed sum, of a product of weights too") {
  check_convolution<std::uint8_t>();
  check_convolution<std::uint16_t>();
  check_convolution<float>();
}

TEST_CASE("frames: an unsharp mask adds the difference to the blur") {
  check_unsharp<std::uint8_t>();
  check_unsharp<std::uint16_t>();
  check_unsharp<float>();
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
  CHECK(refused([&] { convolve(in, out, {{2, 1}, {1, std::numeric_limits<float>::infinity()}}); }) == "weights");
  CHECK(refused([&] { unsharp_mask(in, out, {{}, -1}); }) == "amount");
  CHECK(refused([&] { unsharp_mask(in, out, {{}, std::nan("")}); }) == "amount");
  CHECK(refused([&] { unsharp_mask(in, out, {{.sigma = 0}}); }) == "sigma");
}

TEST_CASE("frames: thresholds and differences, apart and in place") {
  on_every_type([]<class T>() {
    check_threshold<T>();
    check_difference<T>();
  });
}

TEST_CASE("frames: means and medians of a sequence") {
  on_every_type([]<class T>() { check_sequences<T>(); });
}

TEST_CASE("frames: a background follows, and the difference is to the one before") {
  on_every_type([]<class T>() {
    for (const shape& size : sizes) check_background<T>(size);
  });
}

TEST_CASE("frames: sequences of wrong numbers and shapes are refused by name") {
  image<std::uint8_t> a({8, 6});
  image<std::uint8_t> other({7, 6});
  image<std::uint8_t> out({8, 6});
  image<float> background({8, 6});
  using views = std::vector<view<const std::uint8_t>>;
  CHECK(refused([&] { temporal_mean(views{}, out); }) == "in");
  CHECK(refused([&] { temporal_mean(views(most_temporal_frames + 1, a), out); }) == "in");
  CHECK(refused([&] { temporal_median(views{a, other}, out); }) == "in");
  CHECK(refused([&] { temporal_median(views{a, out}, out); }) == "out");
  CHECK(refused([&] { background_difference(a, background, out, 1.5); }) == "rate");
  CHECK(refused([&] { background_difference(a, background, other, 0.5); }) == "out");
  CHECK(refused([&] { threshold(a, other, {}); }) == "out");
  CHECK(refused([&] { absolute_difference(a, other, out); }) == "b");
  const view<std::uint8_t> upper(a.row(0), {8, 5}, a.stride());
  const view<std::uint8_t> lower(a.row(1), {8, 5}, a.stride());
  CHECK(refused([&] { threshold(upper, lower, {}); }) == "out");
}

TEST_CASE("frames: a histogram counts every value of a channel") {
  for (const shape& size : sizes) {
    const shape rgb{size.width, size.height, 3};
    auto in = reference::noise<std::uint8_t>(rgb);
    auto wide = reference::noise<std::uint16_t>(rgb);
    for (const index_t channel : {0, 2}) {
      std::vector<std::uint64_t> expected(256), wide_expected(65536);
      for (index_t y = 0; y < size.height; ++y)
        for (index_t x = 0; x < size.width; ++x) {
          ++expected[in.pixels().pixel(x, y)[channel]];
          ++wide_expected[wide.pixels().pixel(x, y)[channel]];
        }
      CHECK(histogram(in.pixels(), channel) == expected);
      CHECK(histogram(wide.pixels(), channel) == wide_expected);
    }
  }
  image<std::uint8_t> none({0, 3});
  CHECK(histogram(none) == std::vector<std::uint64_t>(256));
  CHECK(refused([&] { histogram(none, 1); }) == "channel");
}

TEST_CASE("frames: a table is looked up for each sample, in place too") {
  std::array<std::uint8_t, 256> table;
  for (std::size_t v = 0; v < 256; ++v) table[v] = static_cast<std::uint8_t>(v * v / 7 + 3 * v);
  simd::on_every_target([&] {
    for (const shape& size : sizes) {
      check_filter<std::uint8_t, std::uint8_t>(
          size, [&](auto in, auto out) { return look_up(in, out, table); },
          [&](const auto& in, index_t x, index_t y, index_t c) { return table[in.pixel(x, y)[c]]; });
      auto in = reference::noise<std::uint8_t>(size);
      auto same = reference::noise<std::uint8_t>(size);
      frame<std::uint8_t> out(size);
      look_up(in.pixels(), out.pixels(), table);
      look_up(same.pixels(), same.pixels(), table);
      CHECK(same.samples() == out.samples());
    }
  });
}

TEST_CASE("frames: equalizing spreads the values by how many samples are below") {
  for (const shape& size : sizes)
    check_filter<std::uint8_t, std::uint8_t>(
        size, [&](auto in, auto out) { return equalize(in, out); },
        [&](const auto& in, index_t x, index_t y, index_t) -> std::uint8_t {
          const std::uint8_t own = *in.pixel(x, y);
          const auto n = static_cast<std::uint64_t>(in.width() * in.height());
          std::uint64_t least = 0, up_to = 0;
          std::uint8_t lowest = 255;
          for (index_t v = 0; v < in.height(); ++v)
            for (index_t u = 0; u < in.width(); ++u) lowest = std::min(lowest, *in.pixel(u, v));
          for (index_t v = 0; v < in.height(); ++v)
            for (index_t u = 0; u < in.width(); ++u) {
              least += *in.pixel(u, v) == lowest;
              up_to += *in.pixel(u, v) <= own && *in.pixel(u, v) != lowest;
            }
          if (least == n) return own;
          return reference::sample_of_float<std::uint8_t>(static_cast<float>(up_to) * (255.0F / static_cast<float>(n - least)));
        });
}

TEST_CASE("frames: Otsu's limit sets the means of two classes the farthest apart") {
  for (const shape& size : sizes) {
    auto in = reference::noise<std::uint8_t>(size);
    const auto distance = [&](int limit) {
      double lower = 0, upper = 0, lower_sum = 0, upper_sum = 0;
      for (index_t y = 0; y < size.height; ++y)
        for (index_t x = 0; x < size.width; ++x) {
          const double sample = *in.pixels().pixel(x, y);
          (sample <= limit ? lower : upper) += 1;
          (sample <= limit ? lower_sum : upper_sum) += sample;
        }
      if (lower == 0 || upper == 0) return 0.0;
      const double apart = lower_sum / lower - upper_sum / upper;
      return lower * upper * apart * apart / (lower + upper) / (lower + upper);
    };
    double best = 0;
    for (int limit = 0; limit < 256; ++limit) best = std::max(best, distance(limit));
    CHECK(distance(otsu_limit(in.pixels())) == doctest::Approx(best).epsilon(1e-9));
  }
  image<std::uint8_t> none({0, 3});
  CHECK(otsu_limit(none) == 0);
}

TEST_CASE("frames: a bilateral filter weighs by distance and by difference") {
  on_every_frame<std::uint8_t>([](const shape& size, const border& edge) {
    if (size.width > 40) return;
    for (const index_t radius : {0, 1, 3}) {
      check_bilateral<std::uint8_t>(size, edge, radius);
      check_bilateral<std::uint16_t>(size, edge, radius);
      check_bilateral<float>(size, {edge.mode, 0.4}, radius);
    }
  });
  image<std::uint8_t> in({8, 6});
  image<std::uint8_t> out({8, 6});
  CHECK(refused([&] { bilateral_filter(in, out, {.radius = -1}); }) == "radius");
  CHECK(refused([&] { bilateral_filter(in, out, {.radius = most_bilateral_radius + 1}); }) == "radius");
  CHECK(refused([&] { bilateral_filter(in, out, {.sigma_range = 0}); }) == "sigma_range");
  CHECK(refused([&] { bilateral_filter(in, out, {.sigma_space = std::nan("")}); }) == "sigma_space");
}
