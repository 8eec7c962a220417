#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

std::string refused_text(std::string_view text) {
  return refused([text] { named_filter{text}; });
}

/// Texts whose filters differ in every parameter from the usual.
const char* const examples[] = {"bilateral:radius=3,range=20.5,space=1.5,border=wrap",
                                "box:width=5,height=4,border=reflect",
                                "dilate:width=1,height=12,border=replicate",
                                "erode:width=9,height=2,border=constant,value=7.5",
                                "gaussian:sigma=1.5,radius=4,border=reflect101",
                                "gray",
                                "median:radius=4,border=constant,value=3",
                                "sobel:border=wrap",
                                "threshold:limit=100.5,high=200",
                                "unsharp:sigma=0.7,radius=2,amount=2.5,border=reflect"};

/// A hash of the output for noise of T, 3 channels.
template <class T>
std::uint64_t hash_of(const named_filter& filter, const shape& size) {
  auto in = reference::noise<T>(size);
  frame<T> out(filter.output_shape(size));
  REQUIRE(filter(in.pixels(), out.pixels()).finished());
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto* bytes = reinterpret_cast<const unsigned char*>(out.samples().data());
  for (std::size_t i = 0; i < out.samples().size() * sizeof(T); ++i) hash = (hash ^ bytes[i]) * 0x100000001b3;
  return hash;
}

template <class T>
int check_same_bits(const named_filter& filter) {
  const shape size{83, 61, 3};
  const std::uint64_t expected = hash_of<T>(filter, size);
  return simd::on_everything([&] { CHECK(hash_of<T>(filter, size) == expected); });
}

}  // namespace

TEST_CASE("frames: a named filter is read and written") {
  for (const char* text : examples) CHECK(named_filter(text).text() == text);
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
  const auto agrees = [](const char* text, const auto& call) {
    auto in = reference::noise<std::uint8_t>({37, 21, 3});
    frame<std::uint8_t> named({37, 21, 3}), plain({37, 21, 3});
    named_filter{text}(in.pixels(), named.pixels());
    call(view<const std::uint8_t>(in.pixels()), plain.pixels());
    CHECK(named.samples() == plain.samples());
  };
  agrees(examples[0], [](auto in, auto out) {
    bilateral_filter(in, out, {3, 20.5, 1.5, border_mode::wrap});
  });
  agrees(examples[1], [](auto in, auto out) { box_blur(in, out, {5, 4, border_mode::reflect}); });
  agrees(examples[2], [](auto in, auto out) { dilate(in, out, window{1, 12}); });
  agrees(examples[3], [](auto in, auto out) { erode(in, out, window{9, 2, {border_mode::constant, 7.5}}); });
  agrees(examples[4], [](auto in, auto out) { gaussian_blur(in, out, {1.5, 4, border_mode::reflect101}); });
  agrees("gaussian:sigma=2", [](auto in, auto out) { gaussian_blur(in, out, {2.0}); });
  agrees(examples[6], [](auto in, auto out) { median(in, out, {4, {border_mode::constant, 3}}); });
  agrees(examples[7], [](auto in, auto out) { sobel_magnitude(in, out, border_mode::wrap); });
  agrees(examples[8], [](auto in, auto out) { threshold(in, out, threshold_at<std::uint8_t>{101, 200}); });
  agrees(examples[9], [](auto in, auto out) {
    unsharp_mask(in, out, {{0.7, 2, border_mode::reflect}, 2.5});
  });
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
  CHECK_THROWS_WITH_AS(named_filter("blur"), doctest::Contains("one of bilateral, box, dilate"),
                       polyloop::invalid_argument);
}

TEST_CASE("frames: one hash per filter and type, on every backend, SIMD target and number of workers") {
  int combinations = 0;
  for (const char* text : examples) {
    INFO(text);
    const named_filter filter(text);
    combinations += check_same_bits<std::uint8_t>(filter);
    combinations += check_same_bits<std::uint16_t>(filter);
    combinations += check_same_bits<float>(filter);
  }
  MESSAGE("combinations of filter, type, backend, workers and SIMD target: ", combinations);
  CHECK(combinations >= 3 * 8 * static_cast<int>(std::size(examples)));
}
