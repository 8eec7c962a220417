// Every filter, by name, has the same bits on every backend, SIMD target and number of workers, for every
// type of samples that it takes and every border.
#include <map>

#include "filter_checks.hpp"
#include "polyloop/frames/filters.hpp"

using namespace checks;

namespace {

// 3 channels for those that take them, in several bands; the colours' sides are even.
constexpr shape colours{86, 62, 3};
constexpr shape gray{86, 63, 1};
constexpr shape planes{86, 93, 1};

std::string table() {
  std::string text = "lookup:table=255";
  for (int value = 1; value < 256; ++value) text.append(":").append(std::to_string(value * 37 % 256));
  return text;
}

/// Parameters of each filter that reach all of its ways through.
std::multimap<std::string, std::string> ways() {
  std::multimap<std::string, std::string> all = {
      {"adaptive", "side=7,below=-3"},
      {"adaptive", "side=31,inverted=yes"},
      {"bilateral", "radius=3,range=20"},
      {"box", "width=5,height=4"},
      {"box", "width=23,height=31"},
      {"canny", "low=300,high=900"},
      {"clahe", "limit=3,across=4,down=3"},
      {"convolve", "width=3,height=3,weights=1:-2:1:0:0.5:4:2:1:3"},
      {"convolve", "width=3,height=3,weights=1:2:1:2:4:2:1:2:1"},
      {"convolve", "width=9,height=7"},
      {"dilate", "width=5,height=3"},
      {"dilate", "width=30,height=21"},
      {"dilate", "width=3,height=3,members=0:1:0:1:1:1:0:1:0"},
      {"erode", "width=4,height=14"},
      {"erode", "width=3,height=3,members=1:0:1:0:0:0:1:0:1"},
      {"gaussian", "sigma=1.2"},
      {"gaussian", "sigma=14"},
      {"laplacian", "form=cross"},
      {"laplacian", "form=corners"},
      {"median", "radius=1"},
      {"median", "radius=2"},
      {"median", "radius=5"},
      {"threshold", "limit=0.5,high=1"},
      {"unsharp", "sigma=1.5,amount=2"},
      {"unsharp", "sigma=13"},
  };
  for (const char* how : {"nearest", "bilinear", "area", "bicubic", "lanczos"})
    for (const char* size : {"width=43,height=31", "width=131,height=97"})
      all.emplace("resize", std::string("how=") + how + "," + size);
  for (const char* matrix : {"matrix=bt601", "matrix=bt709"})
    for (const char* range : {",range=limited", ",range=full"})
      for (const char* name : {"to_rgb", "to_yuv"}) all.emplace(name, std::string(matrix) + range);
  return all;
}

/// What each filter is named by: with its parameters, and every border that it has.
std::vector<std::string> texts() {
  const auto parameters = ways();
  std::vector<std::string> all;
  for (const filter_description& each : filter_descriptions()) {
    const std::string name(each.name);
    const auto [begin, end] = parameters.equal_range(name);
    std::vector<std::string> of;
    for (auto way = begin; way != end; ++way) of.push_back(name + ":" + way->second);
    if (name == "lookup") of.push_back(table());
    if (of.empty()) of.push_back(name + ":");
    for (const std::string& text : of) {
      if (!each.has_border) all.push_back(text);
      if (each.has_border)
        for (const char* mode : {"replicate", "reflect", "reflect101", "wrap", "constant,value=9"})
          all.push_back(text + (text.back() == ':' ? "" : ",") + "border=" + mode);
    }
  }
  return all;
}

std::uint64_t hash_bytes(const void* data, std::size_t count) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto* const bytes = static_cast<const unsigned char*>(data);
  for (std::size_t i = 0; i < count; ++i) hash = (hash ^ bytes[i]) * 0x100000001b3;
  return hash;
}

/// The frames that a filter is given.
template <class In>
std::vector<frame<In>> inputs_for(const filter_description& of) {
  constexpr std::string_view of_one_channel[] = {"adaptive", "canny", "clahe", "equalize", "otsu"};
  const bool one_channel =
      std::find(std::begin(of_one_channel), std::end(of_one_channel), of.name) != std::end(of_one_channel);
  const shape size = of.name == "to_rgb" ? planes : one_channel ? gray : colours;
  std::vector<frame<In>> made;
  const auto count = static_cast<std::uint32_t>(std::min<index_t>(of.inputs.most, 4));
  for (std::uint32_t k = 0; k < count; ++k) made.push_back(reference::noise<In>(size, k + 1));
  return made;
}

template <class In, class Out, class Filter>
std::uint64_t hash_of(const Filter& filter, const std::vector<view<const In>>& in) {
  frame<Out> out(filter.output_shape(in.front().size()));
  if constexpr (std::is_same_v<In, Out> && std::is_same_v<Filter, named_filter>)
    filter(std::span(in), out.pixels());
  else
    filter(in.front(), out.pixels());
  return hash_bytes(out.samples().data(), out.samples().size() * sizeof(Out));
}

/// Whether the filter takes and gives such samples.
template <class In, class Out>
bool takes(const named_filter& filter) {
  image<In> in({0, 0, 1});
  image<Out> out({0, 0, 1});
  const std::vector<view<const In>> views(static_cast<std::size_t>(filter.description().inputs.least), in);
  return refused([&] {
           if constexpr (std::is_same_v<In, Out>)
             filter(std::span<const view<const In>>(views), out);
           else
             filter(in, out);
         }) != "in";
}

struct tally {
  int hashes = 0;
  int combinations = 0;
};

template <class In, class Out, class Filter>
void check_same_bits(const Filter& filter, const filter_description& of, tally& all) {
  auto frames = inputs_for<In>(of);
  std::vector<view<const In>> in;
  for (auto& each : frames) in.push_back(each.pixels());
  const std::uint64_t expected = hash_of<In, Out>(filter, in);
  all.combinations += simd::on_everything([&] { CHECK(hash_of<In, Out>(filter, in) == expected); });
  ++all.hashes;
}

template <class In, class Out>
void check_if_taken(const named_filter& filter, tally& all) {
  if (takes<In, Out>(filter)) check_same_bits<In, Out>(filter, filter.description(), all);
}

}  // namespace

TEST_CASE(
    "frames: one hash per filter, type and border, on every backend, SIMD target and number of workers") {
  tally all;
  for (const std::string& text : texts()) {
    INFO(text);
    const named_filter filter(text);
    const int before = all.hashes;
    check_if_taken<std::uint8_t, std::uint8_t>(filter, all);
    check_if_taken<std::uint8_t, std::int16_t>(filter, all);
    check_if_taken<std::uint8_t, float>(filter, all);
    check_if_taken<std::uint16_t, std::uint16_t>(filter, all);
    check_if_taken<std::uint16_t, float>(filter, all);
    check_if_taken<float, float>(filter, all);
    CHECK(all.hashes > before);
  }
  MESSAGE("hashes: ", all.hashes, ", combinations with backend, workers and SIMD target: ", all.combinations);
  CHECK(all.hashes >= 300);
  CHECK(all.combinations >= simd::least_combinations() * all.hashes);
}

TEST_CASE("frames: one hash per chain and border, on every backend, SIMD target and number of workers") {
  tally all;
  const filter_description& any = named_filter("box").description();
  for (const char* mode : {"replicate", "reflect", "reflect101", "wrap", "constant,value=9"}) {
    const std::string at = std::string("border=") + mode;
    const chain edges("gray|gaussian:sigma=1.2," + at + "|sobel:" + at);
    const chain mixed("gray|box:" + at + "|clahe:limit=3|median:" + at + "|adaptive:side=9," + at);
    check_same_bits<std::uint8_t, float>(edges, any, all);
    check_same_bits<std::uint8_t, std::uint8_t>(edges, any, all);
    check_same_bits<std::uint16_t, float>(edges, any, all);
    check_same_bits<float, float>(edges, any, all);
    check_same_bits<std::uint8_t, std::uint8_t>(mixed, any, all);
  }
  MESSAGE("hashes: ", all.hashes, ", combinations with backend, workers and SIMD target: ", all.combinations);
  CHECK(all.combinations >= simd::least_combinations() * all.hashes);
}
