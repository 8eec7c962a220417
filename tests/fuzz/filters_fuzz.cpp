// A named filter of any parameters, border, type of samples and shape is what plain loops make of the same
// frame, on every SIMD target, and has the same bits on every backend; what lies between rows stays as it is.
#include <hwy/targets.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <polyloop/context.hpp>
#include <polyloop/frames/named_filter.hpp>
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
  if (of.whole) return std::min(of.most, of.least + std::fmod(byte, 9));
  return std::clamp(of.usual * (byte + 1) / 64, of.least, of.most);
}

struct settings {
  std::string text;
  naive::numbers with;
  border edge;
};

settings settings_for(const filter_description& of, source& from) {
  settings made{std::string(of.name) + ":", {}, {}};
  for (const filter_parameter& each : of.parameters) {
    made.with.push_back(argument_for(each, from));
    made.text += std::string(each.name) + "=" + std::to_string(made.with.back()) + ",";
    made.with.back() = std::stod(std::to_string(made.with.back()));
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

template <class T>
void check(const filter_description& of, source& from) {
  const settings how = settings_for(of, from);
  const index_t channels = of.name == "gray" ? 3 : 1 + from.below(4);
  const shape size{from.below(70), from.below(40), channels};
  auto noise = reference::noise<T>(size, 1 + from.below(256));
  const view<const T> in = noise.pixels();
  const named_filter filter(how.text);
  const auto expected = naive::filtered(of.name, in, how.with, how.edge);
  const auto backends = polyloop::compiled_backends();
  polyloop::backend& backend = *backends[from.below(static_cast<std::uint32_t>(backends.size()))];
  const polyloop::scoped_context scope{
      .backend = backend, .workers = 1 + static_cast<int>(from.below(4)), .oversubscribe = true};
  reference::frame<T> first(filter.output_shape(size));
  filter(in, first.pixels());
  compare(first, expected, naive::tolerance<T>(of.name, how.with));
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    const only_target one(target);
    reference::frame<T> out(filter.output_shape(size));
    filter(in, out.pixels());
    require(out.samples() == first.samples());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  source from(data, size);
  const auto all = filter_descriptions();
  const filter_description& of = all[from.below(static_cast<std::uint32_t>(all.size()))];
  switch (from.below(3)) {
    case 0:
      check<std::uint8_t>(of, from);
      break;
    case 1:
      check<std::uint16_t>(of, from);
      break;
    default:
      check<float>(of, from);
  }
  return 0;
}
