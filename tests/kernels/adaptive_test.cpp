#include <limits>

#include "filter_checks.hpp"
#include "naive_adaptive.hpp"

using namespace checks;

namespace {

void check_adaptive(const shape& size, const adaptive_mean& how) {
  INFO("side ", how.side, ", below ", how.below, ", inverted ", how.inverted);
  check_filter<std::uint8_t, std::uint8_t>(
      size, [&](auto in, auto out) { return adaptive_threshold(in, out, how); },
      [&](const auto& in, index_t x, index_t y, index_t) { return naive::adaptive(in, x, y, how); });
}

template <class T>
void check_clahe(const shape& size, const contrast_tiles& how) {
  INFO("tiles ", how.across, " x ", how.down, ", limit ", how.clip_limit);
  auto noise = reference::noise<T>(size);
  const naive::tile_tables<T> tables(noise.pixels(), how);
  check_filter<T, T>(
      size, [&](auto in, auto out) { return clahe(in, out, how); },
      [&](const auto& in, index_t x, index_t y, index_t) {
        return reference::sample_of_float<T>(tables.sample(in, x, y));
      },
      sizeof(T) == 1 ? 1 : 0);
}

/// How many of the samples of a frame are not those of the naive one: they round otherwise at a half.
index_t apart(const shape& size, const contrast_tiles& how) {
  auto noise = reference::noise<std::uint8_t>(size);
  const naive::tile_tables<std::uint8_t> tables(noise.pixels(), how);
  frame<std::uint8_t> out(size);
  clahe(noise.pixels(), out.pixels(), how);
  index_t count = 0;
  for (index_t y = 0; y < size.height; ++y)
    for (index_t x = 0; x < size.width; ++x)
      count += *out.pixels().pixel(x, y) !=
               reference::sample_of_float<std::uint8_t>(tables.sample(noise.pixels(), x, y));
  return count;
}

constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("frames: adaptive threshold, by windows of any size and every border") {
  for (const border& edge : reference::every_border<std::uint8_t>())
    for (const shape& size : sizes)
      for (const index_t side : {1, 3, 15, 17, 33})
        for (const bool inverted : {false, true})
          check_adaptive(size, {.side = side, .below = 2.5, .high = 201, .inverted = inverted, .edge = edge});
  for (const double below : {0.0, -0.5, -3.0, 255.0, -255.0, 1e300, -1e300})
    for (const index_t side : {5, 19})
      for (const bool inverted : {false, true})
        check_adaptive({67, 13, 1}, {.side = side, .below = below, .inverted = inverted});
  check_adaptive({9, 5, 1}, {.side = 301});
}

TEST_CASE("frames: sums of the largest window of an adaptive threshold fit") {
  image<std::uint8_t> in({3, 2});
  image<std::uint8_t> out(in.size());
  for (const index_t y : {0, 1}) std::fill_n(in.row(y), 3, std::uint8_t{255});
  in.row(0)[1] = 254;
  simd::on_every_target([&] {
    adaptive_threshold(in, out, {.side = most_window_side, .below = 1});
    CHECK(out.row(1)[1] == 255);
    CHECK(out.row(0)[1] == 0);
    adaptive_threshold(in, out, {.side = most_window_side, .below = 1e9});
    CHECK(out.row(0)[1] == 255);
    adaptive_threshold(in, out, {.side = most_window_side, .below = -1e9});
    CHECK(out.row(1)[1] == 0);
  });
}

TEST_CASE("frames: CLAHE of 8 and 16 bits") {
  const contrast_tiles ways[] = {{8, 8, 40},   {1, 1, 0},        {2, 3, 2},
                                 {4, 1, 1e-9}, {3, 7, infinite}, {16, 2, 3.5}};
  for (const contrast_tiles& how : ways) {
    for (const shape& size : sizes) check_clahe<std::uint8_t>(size, how);
    check_clahe<std::uint16_t>({37, 21, 1}, how);
    check_clahe<std::uint16_t>({1, 1, 1}, how);
  }
  check_clahe<std::uint8_t>({640, 48, 1}, {8, 8, 2});
  check_clahe<std::uint8_t>({643, 47, 1}, {8, 8, 4});
  CHECK(apart({643, 147, 1}, {8, 8, 4}) < 643 * 147 / 100);
}

TEST_CASE("frames: adaptive filters refuse by name, and take frames without pixels") {
  image<std::uint8_t> in({9, 7});
  image<std::uint8_t> out({9, 7});
  image<std::uint8_t> other({8, 7});
  image<std::uint8_t> colours({9, 7, 3});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const index_t side : {index_t{0}, index_t{-3}, index_t{4}, most_window_side + 2})
    CHECK(refused([&] { adaptive_threshold(in, out, {.side = side}); }) == "side");
  CHECK(refused([&] { adaptive_threshold(in, out, {.below = nan}); }) == "below");
  CHECK(refused([&] { adaptive_threshold(in, out, {.below = infinite}); }) == "below");
  CHECK(refused([&] { adaptive_threshold(colours, out); }) == "in");
  CHECK(refused([&] { adaptive_threshold(in, other); }) == "out");
  CHECK(refused([&] { adaptive_threshold(in, in); }) == "out");
  CHECK(refused([&] { clahe(in, out, {0, 8, 40}); }) == "across");
  CHECK(refused([&] { clahe(in, out, {8, most_contrast_tiles + 1, 40}); }) == "down");
  CHECK(refused([&] { clahe(in, out, {8, 8, -1}); }) == "clip_limit");
  CHECK(refused([&] { clahe(in, out, {8, 8, nan}); }) == "clip_limit");
  CHECK(refused([&] { clahe(colours, out); }) == "in");
  CHECK(refused([&] { clahe(in, other); }) == "out");
  CHECK(refused([&] { clahe(in, in); }) == "out");
  image<std::uint8_t> none({0, 7});
  CHECK(adaptive_threshold(none, none).finished());
  CHECK(clahe(none, none).finished());
}
