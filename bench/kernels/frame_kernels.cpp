#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/project_kernels.hpp"
#include "kernels/twins.hpp"
#include "polyloop/frames/filters.hpp"
#include "support/checksum.hpp"

namespace polyloop::bench {

namespace {

using frames::image;
template <class T>
using stack = std::vector<image<T>>;
template <class T>
using shared_stack = std::shared_ptr<const stack<T>>;

constexpr frames::gaussian five_by_five{.sigma = 1.1, .radius = 2};
// A float frame is four times as large; a few of them are more than any cache holds.
constexpr std::size_t most_float_frames = 8;

/// A filter of one frame: ours, by hand, and its arithmetic for a sample of the output.
template <class T>
struct filter {
  void (*ours)(source<T>, target<T>, const loop_options&);
  std::function<void(const raw_kernels&, source<T>, target<T>)> raw;
  double operations = 0;
  double tolerance = 0;
};

template <class T>
index_t samples_of(const stack<T>& all) {
  return static_cast<index_t>(all.size()) * all.front().size().height * all.front().size().row_samples();
}

template <class T>
std::uint64_t hash_of(const stack<T>& all) {
  checksum sum;
  for (const image<T>& each : all)
    for (index_t y = 0; y < each.size().height; ++y)
      sum.add(std::as_bytes(std::span(each.row(y), static_cast<std::size_t>(each.size().row_samples()))));
  return sum.value();
}

template <class T>
std::vector<double> values_of(const image<T>& one) {
  std::vector<double> values;
  for (index_t y = 0; y < one.size().height; ++y)
    values.insert(values.end(), one.row(y), one.row(y) + one.size().row_samples());
  return values;
}

template <class T>
void wipe(stack<T>& all) {
  for (image<T>& each : all)
    std::memset(each.row(0), 0xA5, static_cast<std::size_t>(each.stride() * each.size().height) * sizeof(T));
}

/// A stack of outputs of one channel for the inputs.
template <class T>
std::shared_ptr<stack<T>> outputs_for(const stack<T>& in) {
  auto out = std::make_shared<stack<T>>();
  for (const image<T>& each : in) out->emplace_back(frames::shape{each.size().width, each.size().height, 1});
  return out;
}

template <class T>
kernel kernel_of(const std::string& label, const shared_stack<T>& in, const filter<T>& how) {
  const auto out = outputs_for(*in);
  const auto pixels = static_cast<double>(samples_of(*out));
  kernel made{.bytes = static_cast<double>(sizeof(T)) * (static_cast<double>(samples_of(*in)) + pixels),
              .operations = how.operations * pixels,
              .number_bytes = sizeof(T),
              .input = fmt::format("{}, {} frames", label, in->size())};
  made.run = [in, out, ours = how.ours](const loop_options& options) {
    for (std::size_t i = 0; i < in->size(); ++i) ours((*in)[i], (*out)[i], options);
  };
  made.checksum = [out] { return hash_of(*out); };
  made.clear = [out] { wipe(*out); };
  made.values = [out] { return values_of(out->front()); };
  made.tolerance = how.tolerance;
  add_twins(made, [in, out, raw = how.raw](const raw_kernels& by_hand) {
    for (std::size_t i = 0; i < in->size(); ++i) raw(by_hand, (*in)[i], (*out)[i]);
  });
  return made;
}

raw_gaussian raw_five_by_five() {
  constexpr double one = 1 << 15;
  const double sigma = five_by_five.sigma;
  const double side[] = {std::exp(-0.5 / sigma / sigma), std::exp(-2 / sigma / sigma)};
  const double all = 1 + 2 * (side[0] + side[1]);
  raw_gaussian made{{0}, {static_cast<float>(1 / all)}};
  for (const double weight : side) {
    made.integers.push_back(static_cast<std::uint32_t>(std::lround(weight / all * one)));
    made.floats.push_back(static_cast<float>(weight / all));
  }
  made.integers[0] = (std::uint32_t{1} << 15) - 2 * (made.integers[1] + made.integers[2]);
  return made;
}

stack<std::uint8_t> gray_of(const stack<std::uint8_t>& rgb) {
  stack<std::uint8_t> gray;
  for (const auto& each : rgb) {
    gray.emplace_back(frames::shape{each.size().width, each.size().height, 1});
    frames::grayscale(each, gray.back());
  }
  return gray;
}

stack<float> to_float(const stack<std::uint8_t>& all) {
  stack<float> floats;
  for (std::size_t i = 0; i < std::min(all.size(), most_float_frames); ++i) {
    image<float>& made = floats.emplace_back(all[i].size());
    for (index_t y = 0; y < made.size().height; ++y)
      std::copy_n(all[i].row(y), made.size().row_samples(), made.row(y));
  }
  return floats;
}

template <class T>
constexpr bool is_float = std::is_same_v<T, float>;

/// The input of a filter in its type: the frames themselves, or gray ones.
template <class T>
shared_stack<T> input_of(const std::shared_ptr<const clip>& from, bool gray) {
  const auto converted = [](const stack<std::uint8_t>& all) {
    return std::make_shared<const stack<float>>(to_float(all));
  };
  if constexpr (is_float<T>)
    return gray ? converted(gray_of(from->rgb)) : converted(from->rgb);
  else if (gray)
    return std::make_shared<const stack<T>>(gray_of(from->rgb));
  else
    return {from, &from->rgb};
}

template <class T>
kernel_family family_of(const std::string& name, const std::shared_ptr<const clip>& from, bool gray,
                        const filter<T>& how) {
  const std::size_t count = is_float<T> ? std::min(from->rgb.size(), most_float_frames) : from->rgb.size();
  const frames::shape& size = from->rgb.front().size();
  const auto setup = [=](index_t) { return kernel_of<T>(from->label, input_of<T>(from, gray), how); };
  return {name + (is_float<T> ? "-float" : "-8bit"),
          {static_cast<index_t>(count) * size.width * size.height},
          setup};
}

// Multiplications, additions and roots for a pixel; those of a blur are two passes of five taps.
constexpr double gray_operations = 5;
constexpr double blur_operations = 18;
constexpr double sobel_operations = 18;

// Of samples up to 255 and magnitudes up to 1443.
template <class T>
constexpr double rounding = is_float<T> ? 1e-3 : 0;

template <class T>
filter<T> gray_filter() {
  const auto raw = [](const raw_kernels& by_hand, source<T> in, target<T> out) {
    if constexpr (is_float<T>)
      by_hand.gray_float(in, out);
    else
      by_hand.gray8(in, out);
  };
  return {[](source<T> in, target<T> out, const loop_options& how) { frames::grayscale(in, out, how); }, raw,
          gray_operations, rounding<T>};
}

template <class T>
filter<T> blur_filter() {
  const auto raw = [weights = raw_five_by_five()](const raw_kernels& by_hand, source<T> in, target<T> out) {
    if constexpr (is_float<T>)
      by_hand.blur_float(in, out, weights);
    else
      by_hand.blur8(in, out, weights);
  };
  const auto ours = [](source<T> in, target<T> out, const loop_options& how) {
    frames::gaussian_blur(in, out, five_by_five, how);
  };
  return {ours, raw, blur_operations, is_float<T> ? rounding<T> : 1};
}

template <class T>
filter<T> sobel_filter() {
  const auto raw = [](const raw_kernels& by_hand, source<T> in, target<T> out) {
    if constexpr (is_float<T>)
      by_hand.sobel_float(in, out);
    else
      by_hand.sobel8(in, out);
  };
  return {
      [](source<T> in, target<T> out, const loop_options& how) { frames::sobel_magnitude(in, out, {}, how); },
      raw, sobel_operations, rounding<T>};
}

template <class T>
void add_filters(const std::shared_ptr<const clip>& from, std::vector<kernel_family>& all) {
  all.push_back(family_of<T>("grayscale", from, false, gray_filter<T>()));
  all.push_back(family_of<T>("gaussian-5x5", from, true, blur_filter<T>()));
  all.push_back(family_of<T>("sobel", from, true, sobel_filter<T>()));
}

}  // namespace

std::vector<kernel_family> frame_kernels(const std::shared_ptr<const clip>& from) {
  std::vector<kernel_family> all;
  add_filters<std::uint8_t>(from, all);
  add_filters<float>(from, all);
  return all;
}

}  // namespace polyloop::bench
