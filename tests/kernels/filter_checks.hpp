#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "frames_reference.hpp"
#include "simd_targets.hpp"

/// Filters against plain loops that make one sample at a time.
namespace checks {

using polyloop::index_t;
using namespace polyloop::frames;
using reference::at;
using reference::frame;

// 1 pixel, one row, one column, bands cut short, rows around a vector of any target.
inline const shape sizes[] = {{1, 1}, {1, 7}, {7, 1}, {2, 2}, {13, 9}, {33, 37}, {131, 40}, {64, 3}};

template <class T>
constexpr bool equal(T a, T b, double tolerance) {
  if constexpr (std::is_floating_point_v<T>)
    return a == b || std::abs(static_cast<double>(a) - static_cast<double>(b)) <= tolerance;
  else
    return std::abs(static_cast<double>(a) - static_cast<double>(b)) <= tolerance;
}

/// Runs call(in, out) on noise, on every SIMD target, and compares each sample of the output with naive(in,
/// x, y, c).
template <class Out, class In, class Call, class Naive>
void check_filter(const shape& size, const Call& call, const Naive& naive, double tolerance = 0) {
  INFO("size ", to_string(size));
  auto noise = reference::noise<In>(size);
  const view<const In> in = noise.pixels();
  frame<Out> expected(size);
  for (index_t y = 0; y < size.height; ++y)
    for (index_t x = 0; x < size.width; ++x)
      for (index_t c = 0; c < size.channels; ++c) expected.pixels().pixel(x, y)[c] = naive(in, x, y, c);
  simd::on_every_target([&] {
    frame<Out> out(size);
    REQUIRE(call(in, out.pixels()).finished());
    // The gaps between the rows are compared too.
    const bool same = std::equal(out.samples().begin(), out.samples().end(), expected.samples().begin(),
                                 [tolerance](Out a, Out b) { return equal<Out>(a, b, tolerance); });
    CHECK(same);
  });
}

/// run(size, edge) for frames of 1, 3 and 4 channels and every border.
template <class T, class Run>
void on_every_frame(const Run& run) {
  for (const border& edge : reference::every_border<T>()) {
    INFO("border ", std::string(to_string(edge.mode)));
    for (const shape& size : sizes)
      for (const index_t channels : {1, 3, 4}) run(shape{size.width, size.height, channels}, edge);
  }
}

/// The argument that a call refuses.
template <class Call>
std::string refused(const Call& call) {
  try {
    call();
  } catch (const polyloop::invalid_argument& problem) {
    return problem.argument();
  }
  return "nothing";
}

/// fold(so far, sample) over a window, beginning with its first sample.
template <class T, class Number, class Fold>
Number over_window(const view<const T>& in, index_t x, index_t y, index_t c, const window& of,
                   const Fold& fold) {
  Number all{};
  for (index_t row = 0; row < of.height; ++row)
    for (index_t column = 0; column < of.width; ++column) {
      const auto sample =
          static_cast<Number>(at(in, x + column - of.width / 2, y + row - of.height / 2, c, of.edge));
      all = row == 0 && column == 0 ? sample : fold(all, sample);
    }
  return all;
}

inline const window windows[] = {{3, 3},  {1, 1},   {5, 2},   {4, 7},  {16, 1},
                                 {1, 12}, {23, 11}, {17, 15}, {61, 30}};

/// Calls run.operator()<T>() for each type of sample.
template <class Run>
void on_every_type(const Run& run) {
  run.template operator()<std::uint8_t>();
  run.template operator()<std::uint16_t>();
  run.template operator()<float>();
}

}  // namespace checks
