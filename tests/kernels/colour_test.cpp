#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

std::vector<yuv_format> formats() {
  std::vector<yuv_format> all;
  for (const auto matrix : {colour_matrix::bt601, colour_matrix::bt709})
    for (const auto range : {colour_range::limited, colour_range::full})
      for (const auto siting : {chroma_siting::corner, chroma_siting::mean})
        all.push_back({matrix, range, siting});
  return all;
}

shape chroma_of(const shape& size) {
  return {(size.width + 1) / 2, (size.height + 1) / 2, 1};
}

struct planes_of {
  explicit planes_of(const shape& size) : y(size), u(chroma_of(size)), v(chroma_of(size)) {}
  explicit planes_of(const shape& size, std::uint32_t seed)
      : y(reference::noise<std::uint8_t>(size, seed)),
        u(reference::noise<std::uint8_t>(chroma_of(size), seed + 1)),
        v(reference::noise<std::uint8_t>(chroma_of(size), seed + 2)) {}
  frame<std::uint8_t> y, u, v;
};

void check_to_rgb(const shape& size, const yuv_format& format) {
  planes_of in(size, 5);
  frame<std::uint8_t> rgb({size.width, size.height, 3});
  const yuv_planes planes{in.y.pixels(), in.u.pixels(), in.v.pixels()};
  REQUIRE(yuv420_to_rgb(planes, rgb.pixels(), format).finished());
  CHECK(rgb.gaps_intact());
  index_t wrong = 0;
  for (index_t y = 0; y < size.height; ++y)
    for (index_t x = 0; x < size.width; ++x) {
      std::uint8_t expected[3];
      reference::yuv_to_rgb(planes, format, x, y, expected);
      wrong += !std::equal(expected, expected + 3, rgb.pixels().pixel(x, y));
    }
  CHECK(wrong == 0);
}

/// Channel c under a chroma sample.
int under(const view<const std::uint8_t>& rgb, const yuv_format& format, index_t x, index_t y, index_t c) {
  if (format.siting == chroma_siting::corner) return rgb.pixel(2 * x, 2 * y)[c];
  int sum = 2;
  for (const index_t dy : {0, 1})
    for (const index_t dx : {0, 1}) sum += at(rgb, 2 * x + dx, 2 * y + dy, c);
  return sum / 4;
}

void check_from_rgb(const shape& size, const yuv_format& format) {
  auto noisy = reference::noise<std::uint8_t>({size.width, size.height, 3}, 8);
  const view<const std::uint8_t> rgb = noisy.pixels();
  planes_of out(size);
  REQUIRE(rgb_to_yuv420(rgb, {out.y.pixels(), out.u.pixels(), out.v.pixels()}, format).finished());
  index_t wrong = 0;
  for (index_t y = 0; y < size.height; ++y)
    for (index_t x = 0; x < size.width; ++x) {
      const std::uint8_t* const p = rgb.pixel(x, y);
      wrong += *out.y.pixels().pixel(x, y) != reference::from_rgb(format, 0, p[0], p[1], p[2]);
    }
  const auto chroma = [&](frame<std::uint8_t>& got, int plane) {
    for (index_t y = 0; y < chroma_of(size).height; ++y)
      for (index_t x = 0; x < chroma_of(size).width; ++x)
        wrong += *got.pixels().pixel(x, y) != reference::from_rgb(format, plane, under(rgb, format, x, y, 0),
                                                                  under(rgb, format, x, y, 1),
                                                                  under(rgb, format, x, y, 2));
  };
  chroma(out.u, 1);
  chroma(out.v, 2);
  CHECK(wrong == 0);
  CHECK((out.y.gaps_intact() && out.u.gaps_intact() && out.v.gaps_intact()));
}

}  // namespace

TEST_CASE("frames: 4:2:0 and RGB by every matrix, range and siting") {
  simd::on_every_target([] {
    for (const yuv_format& format : formats())
      for (const shape& size : sizes) {
        check_to_rgb(size, format);
        check_from_rgb(size, format);
      }
  });
}

TEST_CASE("frames: no value of 8 bits is too large for the arithmetic of colours") {
  const std::uint8_t levels[] = {0, 1, 16, 127, 128, 129, 235, 254, 255};
  for (const yuv_format& format : formats())
    for (const std::uint8_t a : levels)
      for (const std::uint8_t b : levels)
        for (const std::uint8_t c : levels) {
          std::uint8_t y = a, u = b, v = c, rgb[3], expected[3];
          const yuv_planes in{{&y, {1, 1}}, {&u, {1, 1}}, {&v, {1, 1}}};
          yuv420_to_rgb(in, {rgb, {1, 1, 3}}, format);
          reference::yuv_to_rgb(in, format, 0, 0, expected);
          CHECK(std::equal(rgb, rgb + 3, expected));
          const std::uint8_t pixel[] = {a, b, c};
          rgb_to_yuv420({pixel, {1, 1, 3}}, {{&y, {1, 1}}, {&u, {1, 1}}, {&v, {1, 1}}}, format);
          CHECK(y == reference::from_rgb(format, 0, a, b, c));
          CHECK(u == reference::from_rgb(format, 1, a, b, c));
          CHECK(v == reference::from_rgb(format, 2, a, b, c));
        }
}

TEST_CASE("frames: planes that overlap what is read or written are refused by name") {
  image<std::uint8_t> rgb({4, 4, 3});
  image<std::uint8_t> y({4, 4});
  image<std::uint8_t> u({2, 2});
  CHECK(refused([&] { rgb_to_yuv420(rgb, {y, u, u}); }) == "v");
  CHECK(refused([&] { rgb_to_yuv420(rgb, {y, y, u}); }) == "u");
  CHECK(refused([&] { rgb_to_yuv420(y, {y, u, u}); }) == "rgb");
  CHECK(refused([&] { rgb_to_yuv420(rgb, {{rgb.row(0), {4, 4}}, u, u}); }) == "y");
}
