#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

/// The filters one by one, each with a frame of its own; the last one gives samples of Out.
template <class Out, class T>
frame<Out> one_by_one(const chain& all, const view<const T>& in) {
  auto between = std::make_unique<frame<T>>(shape{});
  view<const T> from = in;
  for (std::size_t k = 0; k + 1 < all.filters().size(); ++k) {
    auto next = std::make_unique<frame<T>>(all.filters()[k].output_shape(from.size()));
    all.filters()[k](from, next->pixels());
    between = std::move(next);
    from = between->pixels();
  }
  frame<Out> out(all.filters().back().output_shape(from.size()));
  all.filters().back()(from, out.pixels());
  return out;
}

template <class Out, class T>
void check_chain(const std::string& text, const shape& size) {
  INFO(text, ", size ", to_string(size));
  const chain all(text);
  auto in = reference::noise<T>(size);
  const frame<Out> expected = one_by_one<Out, T>(all, in.pixels());
  frame<Out> out(all.output_shape(size));
  REQUIRE(all(in.pixels(), out.pixels()).finished());
  const bool same = out.samples() == expected.samples();
  CHECK(same);
}

/// Filters that are run together, with the same border.
std::string with_border(const border& edge) {
  const std::string at =
      "border=" + std::string(to_string(edge.mode)) + ",value=" + std::to_string(edge.value);
  return "gaussian:sigma=1.2," + at + "|box:width=5,height=3," + at + "|erode:width=3,height=12," + at +
         "|median:radius=2," + at + "|dilate:width=4,height=2," + at + "|median:radius=1," + at +
         "|threshold:limit=90|sobel:" + at;
}

/// A table that makes a negative.
std::string negative() {
  std::string text = "255";
  for (int value = 1; value < 256; ++value) text.append(":").append(std::to_string(255 - value));
  return text;
}

struct sequence_frames {
  std::vector<frame<std::uint8_t>> in;
  std::vector<frame<float>> out;
  std::vector<view<const std::uint8_t>> from;
  std::vector<view<float>> to;

  sequence_frames(std::size_t count, const shape& size) {
    for (std::size_t k = 0; k < count; ++k) {
      in.push_back(reference::noise<std::uint8_t>(size, static_cast<std::uint32_t>(k + 1)));
      out.emplace_back(shape{size.width, size.height, 1});
    }
    for (auto& each : in) from.push_back(each.pixels());
    for (auto& each : out) to.push_back(each.pixels());
  }
};

const char* const edges = "gray|gaussian:sigma=1.2|sobel";

}  // namespace

TEST_CASE("frames: a chain has the bits of its filters one by one, for every border and type") {
  simd::on_every_target([] {
    for (const shape& size : sizes)
      for (const border& edge : reference::every_border<std::uint8_t>()) {
        check_chain<std::uint8_t, std::uint8_t>(with_border(edge), {size.width, size.height, 3});
        check_chain<std::uint16_t, std::uint16_t>(with_border(edge), {size.width, size.height, 1});
        check_chain<float, float>(with_border(edge), {size.width, size.height, 4});
      }
  });
}

TEST_CASE("frames: chains of filters with whole frames in between, of other shapes and samples") {
  for (const shape& size : {shape{131, 97, 3}, shape{40, 200, 3}}) {
    check_chain<float, std::uint8_t>(edges, size);
    check_chain<std::int16_t, std::uint8_t>("gray|median:radius=2|laplacian:form=corners", size);
    check_chain<float, std::uint16_t>("gray|gaussian|sobel_l1", size);
    check_chain<std::uint8_t, std::uint8_t>("gray|canny|dilate|adaptive:side=21,below=-3|clahe|equalize",
                                            size);
    check_chain<std::uint8_t, std::uint8_t>("median:radius=7|resize:width=50,height=31|gray|box|otsu", size);
    check_chain<std::uint8_t, std::uint8_t>(
        "gray|box|gaussian:sigma=12|bilateral|unsharp|lookup:table=" + negative(), size);
    check_chain<std::uint8_t, std::uint8_t>(
        "erode:members=0:1:0:1:1:1:0:1:0|convolve:weights=1:2:1:2:4:2:1:2:1", size);
    check_chain<std::uint8_t, std::uint8_t>(
        "gaussian|box:height=65|box:height=64|box:width=3,height=2,border=wrap", size);
  }
  check_chain<std::uint8_t, std::uint8_t>("box|to_yuv|threshold|to_rgb", {64, 38, 3});
}

TEST_CASE("frames: samples change in a chain as late as the output allows") {
  auto in = reference::noise<std::uint8_t>({50, 40, 1});
  frame<float> roots({50, 40, 1}), blurred({50, 40, 1}), out({50, 40, 1});
  sobel_magnitude(in.pixels(), roots.pixels());
  gaussian_blur(roots.pixels(), blurred.pixels(), {});
  chain("sobel|gaussian")(in.pixels(), out.pixels());
  CHECK(out.samples() == blurred.samples());
  CHECK(refused([&] { chain("gaussian|box")(in.pixels(), out.pixels()); }) == "out");
  frame<std::int16_t> whole({50, 40, 1});
  CHECK(refused([&] { chain("sobel_dx|gaussian")(in.pixels(), whole.pixels()); }) == "out");
}

TEST_CASE("frames: a chain is read, written, and made of what describes its filters") {
  const chain one(edges);
  const chain two("gray", gaussian{1.2}, "sobel");
  CHECK(one.text() == two.text());
  CHECK(chain(one.text()).text() == one.text());
  CHECK(one.output_shape({30, 20, 3}) == shape{30, 20, 1});
  CHECK(chain(std::vector{named_filter(median_square{2}), named_filter(canny_limits{10, 20}),
                          named_filter(unsharp{}), named_filter(bilateral{3, 20, 1.5}),
                          named_filter(adaptive_mean{.side = 5, .inverted = true}),
                          named_filter(contrast_tiles{4, 2, 3})})
            .text() ==
        "median:radius=2,border=replicate|canny:low=10,high=20|unsharp:sigma=1,radius=-1,amount=1,border="
        "replicate|"
        "bilateral:radius=3,range=20,space=1.5,border=replicate|"
        "adaptive:side=5,below=2,high=255,inverted=yes,border=replicate|clahe:limit=3,across=4,down=2");
  CHECK(refused([] { chain("gray||sobel"); }) == "filter");
  CHECK(refused([] { chain(""); }) == "filter");
  CHECK(refused([] { chain(std::vector<named_filter>()); }) == "filter");
  CHECK(refused([] { chain("gray|absdiff"); }) == "filter");
  CHECK(refused([] { chain("gray|temporal_mean"); }) == "filter");
  CHECK(refused([] { chain("gray|gaussian:sigma=-1"); }) == "sigma");
  CHECK(refused([] { chain("gray", gaussian{-1.0}); }) == "sigma");
  CHECK(refused([] { chain("gray", median_square{-1}); }) == "radius");
}

TEST_CASE("frames: a chain refuses frames by name, and takes those without pixels") {
  const chain all(edges);
  image<std::uint8_t> in({20, 10, 3});
  image<std::uint8_t> gray({20, 10, 1});
  image<std::uint8_t> small({19, 10, 1});
  CHECK(refused([&] { all(in, small); }) == "out");
  CHECK(refused([&] { all(gray, gray); }) == "out");
  CHECK(refused([&] { all(gray, image<std::uint8_t>({20, 10, 1})); }) == "rgb");
  CHECK(refused([&] { chain("box|median")(gray, gray); }) == "out");
  CHECK(refused([&] { all(in, view<std::uint8_t>(in.row(2), {20, 10, 1})); }) == "out");
  image<std::uint8_t> none({0, 10, 3});
  image<std::uint8_t> none_gray({0, 10, 1});
  CHECK(all(none, none_gray).finished());
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(all(in, gray, {.stop = stop.get_token()}).finished());
}

TEST_CASE("frames: a sequence has the bits of its frames one by one, however it is shared out") {
  const chain all(edges);
  for (const std::size_t count : {0U, 1U, 3U, 17U}) {
    sequence_frames expected(count, {61, 43, 3});
    for (std::size_t k = 0; k < count; ++k) all(expected.from[k], expected.to[k]);
    simd::on_everything([&] {
      sequence_frames made(count, {61, 43, 3});
      const auto result =
          all(std::span<const view<const std::uint8_t>>(made.from), std::span<const view<float>>(made.to));
      REQUIRE(result.finished());
      CHECK(result.iterations == static_cast<index_t>(count));
      bool same = true;
      for (std::size_t k = 0; k < count; ++k)
        same = same && made.out[k].samples() == expected.out[k].samples();
      CHECK(same);
    });
  }
}

TEST_CASE("frames: a sequence is refused as a whole, by name") {
  const chain all(edges);
  sequence_frames made(3, {20, 10, 3});
  using inputs = std::span<const view<const std::uint8_t>>;
  using outputs = std::span<const view<float>>;
  CHECK(refused([&] { all(inputs(made.from).first(2), outputs(made.to)); }) == "out");
  made.to[2] = made.to[0];
  CHECK(refused([&] { all(inputs(made.from), outputs(made.to)); }) == "out");
  made.to[2] = view<float>(reinterpret_cast<float*>(made.to[1].row(2)), {20, 10, 1});
  CHECK(refused([&] { all(inputs(made.from), outputs(made.to)); }) == "out");
  image<float> wrong({21, 10, 1});
  made.to[2] = wrong;
  CHECK(refused([&] { all(inputs(made.from), outputs(made.to)); }) == "out");
  for (auto& each : made.out) CHECK(each.pixels().row(0)[0] == frame<float>::canary);
  const chain bytes("box");
  const std::vector<view<std::uint8_t>> over = {made.in[1].pixels()};
  CHECK(refused([&] { bytes(inputs(made.from).first(1), std::span<const view<std::uint8_t>>(over)); }) ==
        "nothing");
  const std::vector<view<std::uint8_t>> both = {made.in[1].pixels(), made.in[0].pixels()};
  CHECK(refused([&] { bytes(inputs(made.from).first(2), std::span<const view<std::uint8_t>>(both)); }) ==
        "out");
  std::stop_source stop;
  stop.request_stop();
  sequence_frames fresh(3, {20, 10, 3});
  CHECK_FALSE(all(inputs(fresh.from), outputs(fresh.to), {.stop = stop.get_token()}).finished());
}
