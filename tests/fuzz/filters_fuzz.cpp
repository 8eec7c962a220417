// A named filter of any parameters, border, type of samples and shape is what plain loops make of the same
// frame (where there are such), has the same bits on every SIMD target, backend and number of workers, and
// leaves what lies between rows as it is. A chain of any filters has the bits of these one by one.
#include <hwy/targets.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <polyloop/context.hpp>
#include <polyloop/frames/chain.hpp>
#include <string>

#include "naive_filters.hpp"

namespace {

using namespace polyloop::frames;
using polyloop::index_t;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Numbers from bytes, 0 when they have run out.
class source {
 public:
  source(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::uint32_t below(std::uint32_t limit) {
    if (size_ == 0) return 0;
    --size_;
    return *data_++ % limit;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

/// A number that the parameter takes, and that plain loops can keep up with.
double argument_for(const filter_parameter& of, source& from) {
  const auto byte = static_cast<double>(from.below(256));
  if (!of.choices.empty()) return std::fmod(byte, of.most + 1);
  if (of.name == "side") return 1 + 2 * std::fmod(byte, 13);
  // Tiles of 16 bits have tables of 2^16 each: 9 x 9 of them, not 24 x 24, which took 12 s under sanitizers.
  if (of.whole && of.most > most_contrast_tiles) return of.least + std::fmod(byte, 24);
  if (of.whole) return std::min(of.most, of.least + std::fmod(byte, 9));
  return std::clamp(of.usual * (byte + 1) / 64, of.least, of.most);
}

struct settings {
  std::string text;
  naive::numbers with;
  border edge;
};

/// So many numbers of a list, as text.
std::string list_for(const filter_parameter& of, index_t count, source& from) {
  std::string text = std::string(of.name) + "=1";
  for (index_t k = 1; k < count; ++k)
    text.append(":").append(std::to_string(of.most > 1 ? from.below(256) : from.below(2)));
  return text + ",";
}

settings settings_for(const filter_description& of, source& from) {
  settings made{std::string(of.name) + ":", {}, {}};
  for (const filter_parameter& each : of.parameters) {
    if (each.most_numbers > 1) {
      const index_t count = made.with.empty() ? each.most_numbers : naive::whole(made.with[0] * made.with[1]);
      // Plain loops know rectangles only.
      if (!naive::knows(of.name)) made.text += list_for(each, count, from);
      continue;
    }
    made.with.push_back(argument_for(each, from));
    const std::string value = each.choices.empty()
                                  ? std::to_string(made.with.back())
                                  : std::string(each.choices[static_cast<std::size_t>(made.with.back())]);
    made.text += std::string(each.name) + "=" + value + ",";
    if (each.choices.empty()) made.with.back() = std::stod(value);
  }
  if (of.has_border) {
    made.edge = {static_cast<border_mode>(from.below(5)), static_cast<double>(from.below(256))};
    made.text +=
        "border=" + std::string(to_string(made.edge.mode)) + ",value=" + std::to_string(made.edge.value);
  }
  return made;
}

class only_target {
 public:
  explicit only_target(std::int64_t target) { choose(target); }
  only_target(const only_target&) = delete;
  only_target& operator=(const only_target&) = delete;
  ~only_target() { choose(0); }

 private:
  static void choose(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};

template <class T>
void compare(const reference::frame<T>& found, const reference::frame<T>& expected, double tolerance) {
  for (std::size_t i = 0; i < expected.samples().size(); ++i)
    require(std::abs(static_cast<double>(found.samples()[i]) - static_cast<double>(expected.samples()[i])) <=
            tolerance);
}

shape shape_for(const filter_description& of, source& from) {
  constexpr std::string_view of_one_channel[] = {"adaptive", "canny", "clahe", "equalize", "otsu", "to_rgb"};
  const bool one =
      std::find(std::begin(of_one_channel), std::end(of_one_channel), of.name) != std::end(of_one_channel);
  const index_t channels = of.name == "gray" || of.name == "to_yuv" ? 3 : one ? 1 : 1 + from.below(4);
  return {from.below(70), from.below(40), channels};
}

struct scope_of {
  polyloop::backend& backend;
  int workers;

  explicit scope_of(source& from)
      : backend(*polyloop::compiled_backends()[from.below(
            static_cast<std::uint32_t>(polyloop::compiled_backends().size()))]),
        workers(1 + static_cast<int>(from.below(4))) {}
};

/// The output, or none where the filter refuses the frame.
template <class T, class Out, class Filter>
std::optional<reference::frame<Out>> run(const Filter& filter, const std::vector<view<const T>>& in) {
  try {
    reference::frame<Out> out(filter.output_shape(in.front().size()));
    if constexpr (std::is_same_v<T, Out> && std::is_same_v<Filter, named_filter>)
      filter(std::span(in), out.pixels());
    else
      filter(in.front(), out.pixels());
    return out;
  } catch (const polyloop::invalid_argument&) {
    return {};
  }
}

template <class Out>
bool same(const std::optional<reference::frame<Out>>& a, const std::optional<reference::frame<Out>>& b) {
  if (!a || !b) return !a && !b;
  // Bits, not numbers: NaN is what it is.
  return std::equal(a->samples().begin(), a->samples().end(), b->samples().begin(), b->samples().end(),
                    [](Out x, Out y) { return std::memcmp(&x, &y, sizeof x) == 0; });
}

template <class T, class Out, class Filter>
std::optional<reference::frame<Out>> same_everywhere(const Filter& filter,
                                                     const std::vector<view<const T>>& in, source& from) {
  const scope_of chosen(from);
  const polyloop::scoped_context scope{
      .backend = chosen.backend, .workers = chosen.workers, .oversubscribe = true};
  const auto first = run<T, Out>(filter, in);
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    const only_target one(target);
    require(same(first, run<T, Out>(filter, in)));
  }
  return first;
}

template <class T, class Out = T>
void check(const filter_description& of, source& from) {
  const settings how = settings_for(of, from);
  const shape size = shape_for(of, from);
  std::vector<reference::frame<T>> noise;
  std::vector<view<const T>> in;
  const auto count = std::clamp<index_t>(1 + from.below(4), of.inputs.least, of.inputs.most);
  for (index_t k = 0; k < count; ++k) noise.push_back(reference::noise<T>(size, 1 + from.below(256)));
  for (auto& each : noise) in.push_back(each.pixels());
  const auto found = same_everywhere<T, Out>(named_filter(how.text), in, from);
  if constexpr (std::is_same_v<T, Out>)
    if (found && naive::knows(of.name))
      compare(*found, naive::filtered(of.name, in.front(), how.with, how.edge),
              naive::tolerance<T>(of.name, how.with, how.edge));
}

/// A chain of one to four filters of one frame, beside the filters one by one.
template <class T>
void check_chain(source& from) {
  const auto all = filter_descriptions();
  std::vector<named_filter> filters;
  const std::uint32_t count = 1 + from.below(4);
  for (std::uint32_t k = 0; k < count; ++k) {
    const filter_description& of = all[from.below(static_cast<std::uint32_t>(all.size()))];
    if (of.inputs.least == 1 && of.inputs.most == 1) filters.emplace_back(settings_for(of, from).text);
  }
  if (filters.empty()) return;
  const chain whole(filters);
  auto noise =
      reference::noise<T>({from.below(70), from.below(40), 1 + 2 * static_cast<index_t>(from.below(2))});
  const auto found = same_everywhere<T, T>(whole, std::vector<view<const T>>{noise.pixels()}, from);
  std::optional<reference::frame<T>> between(std::move(noise));
  for (const named_filter& each : filters) {
    if (!between) break;
    between = run<T, T>(each, std::vector<view<const T>>{between->pixels()});
  }
  require(same(found, between));
}

template <class T>
void check_any(source& from) {
  const auto all = filter_descriptions();
  if (from.below(3) == 0) return check_chain<T>(from);
  check<T>(all[from.below(static_cast<std::uint32_t>(all.size()))], from);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  source from(data, size);
  const auto all = filter_descriptions();
  switch (from.below(6)) {
    case 0:
      check_any<std::uint8_t>(from);
      break;
    case 1:
      check_any<std::uint16_t>(from);
      break;
    case 2:
      check_any<float>(from);
      break;
    case 3:
      check<std::uint8_t, std::int16_t>(all[from.below(static_cast<std::uint32_t>(all.size()))], from);
      break;
    case 4:
      check<std::uint8_t, float>(all[from.below(static_cast<std::uint32_t>(all.size()))], from);
      break;
    default:
      check<std::uint16_t, float>(all[from.below(static_cast<std::uint32_t>(all.size()))], from);
  }
  return 0;
}
