#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "compare/cases.hpp"
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
kernel_case case_of(const std::string& kernel, const std::string& label, const shared_stack<T>& in,
                    void (*ours)(source<T>, target<T>),
                    const std::function<void(const raw_kernels&, source<T>, target<T>)>& raw) {
  const auto out = outputs_for(*in);
  kernel_case made;
  made.kernel = kernel;
  made.input = fmt::format("{}, {} frames", label, in->size());
  made.ours = [=] {
    for (std::size_t i = 0; i < in->size(); ++i) ours((*in)[i], (*out)[i]);
  };
  made.raw = [=](const raw_kernels& by_hand) {
    for (std::size_t i = 0; i < in->size(); ++i) raw(by_hand, (*in)[i], (*out)[i]);
  };
  made.clear = [out] { wipe(*out); };
  made.hash = [out] { return hash_of(*out); };
  made.values = [out] { return values_of(out->front()); };
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

stack<float> to_float(const stack<std::uint8_t>& all) {
  stack<float> floats;
  for (std::size_t i = 0; i < std::min(all.size(), most_float_frames); ++i) {
    image<float>& made = floats.emplace_back(all[i].size());
    for (index_t y = 0; y < made.size().height; ++y)
      std::copy_n(all[i].row(y), made.size().row_samples(), made.row(y));
  }
  return floats;
}

stack<std::uint8_t> gray_of(const stack<std::uint8_t>& rgb) {
  stack<std::uint8_t> gray;
  for (const auto& each : rgb) {
    gray.emplace_back(frames::shape{each.size().width, each.size().height, 1});
    frames::grayscale(each, gray.back());
  }
  return gray;
}

void add_bytes(const std::shared_ptr<const clip>& from, const shared_stack<std::uint8_t>& gray,
               std::vector<kernel_case>& all) {
  using T = std::uint8_t;
  const shared_stack<T> rgb(from, &from->rgb);
  all.push_back(case_of<T>(
      "grayscale, 8 bit", from->label, rgb, [](source<T> in, target<T> out) { frames::grayscale(in, out); },
      [](const raw_kernels& raw, source<T> in, target<T> out) { raw.gray8(in, out); }));
  all.push_back(case_of<T>(
      "gaussian blur 5x5, 8 bit", from->label, gray,
      [](source<T> in, target<T> out) { frames::gaussian_blur(in, out, five_by_five); },
      [kernel = raw_five_by_five()](const raw_kernels& raw, source<T> in, target<T> out) {
        raw.blur8(in, out, kernel);
      }));
  all.back().tolerance = 1;
  all.push_back(case_of<T>(
      "sobel magnitude, 8 bit", from->label, gray,
      [](source<T> in, target<T> out) { frames::sobel_magnitude(in, out); },
      [](const raw_kernels& raw, source<T> in, target<T> out) { raw.sobel8(in, out); }));
}

void add_floats(const std::string& label, const shared_stack<float>& rgb, const shared_stack<float>& gray,
                std::vector<kernel_case>& all) {
  using T = float;
  all.push_back(case_of<T>(
      "grayscale, float", label, rgb, [](source<T> in, target<T> out) { frames::grayscale(in, out); },
      [](const raw_kernels& raw, source<T> in, target<T> out) { raw.gray_float(in, out); }));
  all.push_back(case_of<T>(
      "gaussian blur 5x5, float", label, gray,
      [](source<T> in, target<T> out) { frames::gaussian_blur(in, out, five_by_five); },
      [kernel = raw_five_by_five()](const raw_kernels& raw, source<T> in, target<T> out) {
        raw.blur_float(in, out, kernel);
      }));
  all.push_back(case_of<T>(
      "sobel magnitude, float", label, gray,
      [](source<T> in, target<T> out) { frames::sobel_magnitude(in, out); },
      [](const raw_kernels& raw, source<T> in, target<T> out) { raw.sobel_float(in, out); }));
  constexpr double rounding = 1e-3;  // of samples up to 255 and magnitudes up to 1443
  for (auto each = all.end() - 3; each != all.end(); ++each) each->tolerance = rounding;
}

}  // namespace

void add_frame_cases(const std::shared_ptr<const clip>& from, std::vector<kernel_case>& all) {
  const auto gray = std::make_shared<const stack<std::uint8_t>>(gray_of(from->rgb));
  add_bytes(from, gray, all);
  add_floats(from->label, std::make_shared<const stack<float>>(to_float(from->rgb)),
             std::make_shared<const stack<float>>(to_float(*gray)), all);
}

}  // namespace polyloop::bench
