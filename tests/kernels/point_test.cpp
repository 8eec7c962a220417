#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

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
          size,
          [&](auto in, auto out) {
            return threshold(in, out, {limit, high, form});
          },
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
          std::is_same_v<T, float> ? 1e-5
          : sizeof(T) == 1         ? 0
                                   : 1);
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

}  // namespace

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
  simd::on_every_target([] {
    on_every_type([]<class T>() {
      for (const shape& size : sizes) check_background<T>(size);
    });
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
  for (const shape& size : sizes) {
    const auto looked_up = [&](const auto& in, index_t x, index_t y, index_t c) {
      return table[in.pixel(x, y)[c]];
    };
    check_filter<std::uint8_t, std::uint8_t>(
        size, [&](auto in, auto out) { return look_up(in, out, table); }, looked_up);
    check_filter<std::uint8_t, std::uint8_t>(
        size,
        [&](auto, auto out) {
          auto same = reference::noise<std::uint8_t>(size);
          const auto result = look_up(same.pixels(), same.pixels(), table);
          for (index_t y = 0; y < size.height; ++y)
            std::copy_n(same.pixels().row(y), size.row_samples(), out.row(y));
          return result;
        },
        looked_up);
  }
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
          return reference::sample_of_float<std::uint8_t>(static_cast<float>(up_to) *
                                                          (255.0F / static_cast<float>(n - least)));
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
