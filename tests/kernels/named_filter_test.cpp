#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

std::string refused_text(std::string_view text) {
  return refused([text] { named_filter{text}; });
}

/// Texts whose filters differ in every parameter from the usual.
const char* const examples[] = {"absdiff",
                                "adaptive:side=7,below=-3.5,high=200,inverted=yes,border=reflect",
                                "background:rate=0.25",
                                "bilateral:radius=3,range=20.5,space=1.5,border=wrap",
                                "box:width=5,height=4,border=reflect",
                                "canny:low=20.5,high=90",
                                "clahe:limit=3.5,across=4,down=3",
                                "convolve:width=3,height=2,weights=1:-2.5:1:0:0.5:4,border=reflect",
                                "dilate:width=1,height=12,border=replicate",
                                "equalize",
                                "erode:width=3,height=2,members=0:1:0:1:1:1,border=constant,value=7.5",
                                "gaussian:sigma=1.5,radius=4,border=reflect101",
                                "gray",
                                "laplacian:form=corners,border=reflect101",
                                "lookup",
                                "median:radius=4,border=constant,value=3",
                                "otsu:high=7",
                                "resize:width=45,height=70,how=lanczos",
                                "sobel:border=wrap",
                                "sobel_dx:border=reflect",
                                "sobel_dy:border=constant,value=9",
                                "sobel_l1:border=reflect101",
                                "temporal_mean",
                                "temporal_median",
                                "threshold:limit=100.5,high=200,form=to_zero",
                                "to_rgb:matrix=bt709,range=full",
                                "to_yuv:matrix=bt709,range=full,siting=corner",
                                "unsharp:sigma=0.7,radius=2,amount=2.5,border=reflect"};

/// What a named filter and its function make of noise of 3 channels (of the first one of `channels`).
template <class Out = std::uint8_t, class Call>
void agrees(const char* text, const Call& call, index_t channels = 3) {
  INFO(text);
  auto in = reference::noise<std::uint8_t>({38, 24, channels});
  const named_filter filter(text);
  const shape size = filter.output_shape(in.pixels().size());
  frame<Out> named(size), plain(size);
  REQUIRE(filter(in.pixels(), named.pixels()).finished());
  call(view<const std::uint8_t>(in.pixels()), plain.pixels());
  CHECK(named.samples() == plain.samples());
}

/// The same of three frames, or two.
template <class Call>
void agree(const char* text, std::size_t count, const Call& call) {
  std::vector<frame<std::uint8_t>> in;
  std::vector<view<const std::uint8_t>> views;
  for (std::uint32_t k = 0; k < count; ++k) in.push_back(reference::noise<std::uint8_t>({38, 24, 3}, k + 1));
  for (auto& each : in) views.push_back(each.pixels());
  frame<std::uint8_t> named({38, 24, 3}), plain({38, 24, 3});
  const std::span<const view<const std::uint8_t>> all = views;
  REQUIRE(named_filter(text)(all, named.pixels()).finished());
  call(all, plain.pixels());
  CHECK(named.samples() == plain.samples());
}

}  // namespace

TEST_CASE("frames: a named filter is read and written") {
  for (const char* text : examples) CHECK(named_filter(text).text() == text);
  CHECK(std::is_sorted(std::begin(examples), std::end(examples), [](std::string_view a, std::string_view b) {
    return a.substr(0, a.find(':')) < b.substr(0, b.find(':'));
  }));
  CHECK(named_filter("gaussian").text() == "gaussian:sigma=1,radius=-1,border=replicate");
  CHECK(named_filter("median:").text() == "median:radius=1,border=replicate");
}

TEST_CASE(
    "frames: every filter that is described has an example, and its usual parameters are within their "
    "ranges") {
  const auto all = filter_descriptions();
  CHECK(all.size() == std::size(examples));
  for (std::size_t k = 0; k < all.size(); ++k) {
    CHECK(std::string(examples[k]).starts_with(all[k].name));
    CHECK_FALSE(all[k].meaning.empty());
    for (const filter_parameter& each : all[k].parameters) {
      CHECK(each.least <= each.usual);
      CHECK(each.usual <= each.most);
      CHECK((!each.whole || each.usual == std::floor(each.usual)));
    }
  }
}

TEST_CASE("frames: a named filter does what its function does") {
  agrees(examples[3], [](auto in, auto out) {
    bilateral_filter(in, out, {3, 20.5, 1.5, border_mode::wrap});
  });
  agrees(examples[4], [](auto in, auto out) { box_blur(in, out, {5, 4, border_mode::reflect}); });
  agrees(examples[7], [](auto in, auto out) {
    convolve(in, out, {{3, 2, border_mode::reflect}, {1, -2.5, 1, 0, 0.5, 4}});
  });
  agrees(examples[8], [](auto in, auto out) { dilate(in, out, window{1, 12}); });
  agrees("dilate:members=0:1:0:1:0:0:0:0:1", [](auto in, auto out) {
    dilate(in, out, structuring_element{{}, {false, true, false, true, false, false, false, false, true}});
  });
  agrees(examples[10], [](auto in, auto out) {
    erode(in, out,
          structuring_element{{3, 2, {border_mode::constant, 7.5}}, {false, true, false, true, true, true}});
  });
  agrees(examples[11], [](auto in, auto out) { gaussian_blur(in, out, {1.5, 4, border_mode::reflect101}); });
  agrees("gaussian:sigma=2", [](auto in, auto out) { gaussian_blur(in, out, {2.0}); });
  agrees(examples[15], [](auto in, auto out) { median(in, out, {4, {border_mode::constant, 3}}); });
  agrees(examples[17], [](auto in, auto out) { resize(in, out, interpolation::lanczos); });
  agrees(examples[24], [](auto in, auto out) {
    threshold(in, out, threshold_at<std::uint8_t>{101, 200, threshold_form::to_zero});
  });
  agrees(examples[27], [](auto in, auto out) {
    unsharp_mask(in, out, {{0.7, 2, border_mode::reflect}, 2.5});
  });
}

TEST_CASE("frames: a named gradient gives the samples that its function gives") {
  agrees(examples[18], [](auto in, auto out) { sobel_magnitude(in, out, border_mode::wrap); });
  agrees<float>(examples[18], [](auto in, auto out) { sobel_magnitude(in, out, border_mode::wrap); });
  agrees<std::int16_t>(examples[13], [](auto in, auto out) {
    laplacian(in, out, laplace_form::corners, border_mode::reflect101);
  });
  agrees<std::int16_t>(examples[19], [](auto in, auto out) { sobel_dx(in, out, border_mode::reflect); });
  agrees<std::int16_t>(examples[20], [](auto in, auto out) {
    sobel_dy(in, out, {border_mode::constant, 9});
  });
  agrees<std::int16_t>(examples[21], [](auto in, auto out) { sobel_l1(in, out, border_mode::reflect101); });
}

TEST_CASE("frames: named filters of one channel, and of colours") {
  agrees(
      examples[1],
      [](auto in, auto out) {
        adaptive_threshold(in, out, {7, -3.5, 200, true, border_mode::reflect});
      },
      1);
  agrees(
      examples[5],
      [](auto in, auto out) {
        canny(in, out, {20.5, 90});
      },
      1);
  agrees(
      examples[6],
      [](auto in, auto out) {
        clahe(in, out, {4, 3, 3.5});
      },
      1);
  agrees(
      examples[9], [](auto in, auto out) { equalize(in, out); }, 1);
  agrees(
      examples[16],
      [](auto in, auto out) {
        threshold(in, out, threshold_at<std::uint8_t>{otsu_limit(in), 7});
      },
      1);
  agrees(examples[12], [](auto in, auto out) { grayscale(in, out); });
  const yuv_format format{colour_matrix::bt709, colour_range::full, chroma_siting::corner};
  agrees(examples[26], [&](auto in, auto out) {
    image<std::uint8_t> u({19, 12}), v({19, 12});
    rgb_to_yuv420(in, {{out.data(), {38, 24}, out.stride()}, u, v}, format);
    for (index_t y = 0; y < 12; ++y) {
      std::copy_n(u.row(y), 19, out.row(24 + y / 2) + y % 2 * 19);
      std::copy_n(v.row(y), 19, out.row(30 + y / 2) + y % 2 * 19);
    }
  });
  agrees(
      examples[25],
      [&](auto in, auto out) {
        image<std::uint8_t> u({19, 8}), v({19, 8});
        for (index_t y = 0; y < 8; ++y) {
          std::copy_n(in.row(16 + y / 2) + y % 2 * 19, 19, u.row(y));
          std::copy_n(in.row(20 + y / 2) + y % 2 * 19, 19, v.row(y));
        }
        yuv420_to_rgb({{in.data(), {38, 16}, in.stride()}, u.pixels(), v.pixels()}, out, format);
      },
      1);
}

TEST_CASE("frames: a named table, and one that is not whole") {
  std::string text = "lookup:table=9";
  std::array<std::uint8_t, 256> table{9};
  for (std::size_t v = 1; v < 256; ++v) {
    table[v] = static_cast<std::uint8_t>(v * 7);
    text.append(":").append(std::to_string(table[v]));
  }
  CHECK(named_filter(text).text() == text);
  agrees(text.c_str(), [&](auto in, auto out) { look_up(in, out, table); });
  CHECK(refused([] {
          image<std::uint8_t> in({4, 4});
          image<std::uint8_t> out({4, 4});
          named_filter("lookup:table=1:2:3")(in, out);
        }) == "table");
  CHECK(refused_text(text + ":1") == "table");
}

TEST_CASE("frames: named filters of several frames") {
  agree("absdiff", 2, [](auto in, auto out) { absolute_difference(in[0], in[1], out); });
  agree("temporal_mean", 3, [](auto in, auto out) { temporal_mean(in, out); });
  agree("temporal_median", 5, [](auto in, auto out) { temporal_median(in, out); });
  agree("background:rate=0.25", 3, [](auto in, auto out) {
    image<float> background({38, 24, 3});
    for (index_t y = 0; y < 24; ++y) std::copy_n(in[0].row(y), 38 * 3, background.row(y));
    for (const auto& each : in) background_difference(each, background, out, 0.25);
  });
  agree("box", 1, [](auto in, auto out) { box_blur(in[0], out); });
  image<std::uint8_t> one({4, 4});
  image<std::uint8_t> out({4, 4});
  CHECK(refused([&] { named_filter("absdiff")(one, out); }) == "in");
  const std::vector<view<const std::uint8_t>> two = {one, one};
  CHECK(refused([&] { named_filter("box")(std::span<const view<const std::uint8_t>>(two), out); }) == "in");
}

TEST_CASE("frames: a named filter refuses samples that it does not take") {
  image<float> in({4, 4});
  image<float> out({4, 4});
  for (const char* text : {"canny", "clahe", "adaptive", "equalize", "otsu", "lookup", "to_yuv"})
    CHECK(refused([&] { named_filter{text}(in, out); }) == "in");
  image<std::uint8_t> bytes({4, 4});
  image<std::int16_t> words({4, 4});
  CHECK(refused([&] { named_filter("box")(bytes, words); }) == "in");
  CHECK(refused([&] { named_filter("sobel_dx")(bytes, out); }) == "in");
  image<std::uint8_t> odd({5, 4, 3});
  image<std::uint8_t> packed({5, 6, 1});
  CHECK(refused([&] { named_filter("to_yuv")(odd, packed); }) == "width");
  image<std::uint8_t> low({4, 5, 3});
  CHECK(refused([&] { named_filter("to_yuv")(low, packed); }) == "height");
}

TEST_CASE("frames: a text that names no filter is refused, and says what there is") {
  CHECK(refused_text("") == "filter");
  CHECK(refused_text("gausian") == "filter");
  CHECK(refused_text("gaussian:sigma") == "sigma");
  CHECK(refused_text("gaussian:sigma=") == "sigma");
  CHECK(refused_text("gaussian:sigma=1x") == "sigma");
  CHECK(refused_text("gaussian:sigma=0") == "sigma");
  CHECK(refused_text("gaussian:sigma=nan") == "sigma");
  CHECK(refused_text("gaussian:radius=1.5") == "radius");
  CHECK(refused_text("gaussian:radius=99999") == "radius");
  CHECK(refused_text("gaussian:width=3") == "filter");
  CHECK(refused_text("gaussian:sigma=1,,") == "filter");
  CHECK(refused_text("gaussian:border=mirror") == "border");
  CHECK(refused_text("gray:border=wrap") == "filter");
  CHECK(refused_text("resize:how=cubic") == "how");
  CHECK(refused_text("resize:width=0") == "width");
  CHECK(refused_text("adaptive:inverted=1") == "inverted");
  CHECK(refused_text("convolve:weights=1:x") == "weights");
  CHECK(refused_text("convolve:weights=") == "weights");
  CHECK(refused_text("erode:members=0:2") == "members");
  CHECK_THROWS_WITH_AS(named_filter("blur"), doctest::Contains("one of absdiff, adaptive, background"),
                       polyloop::invalid_argument);
  CHECK_THROWS_WITH_AS(
      named_filter("resize:how=cubic"),
      doctest::Contains("how is cubic: expected one of nearest, bilinear, area, bicubic, lanczos"),
      polyloop::invalid_argument);
}
