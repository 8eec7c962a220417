#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "polyloop/frames/view.hpp"
#include "polyloop/parallel_for.hpp"

/// Frame filters beside OpenCV's.
namespace polyloop::bench {

/// Frames of one size, from a video.
struct pictures {
  std::vector<frames::image<std::uint8_t>> rgb;
  std::vector<frames::image<std::uint8_t>> gray;
  frames::image<float> gray_float;
  frames::image<float> rgb_float;
};

/// A filter, ours and theirs, on the same frame.
struct filter_row {
  std::string name;
  std::function<void()> ours;
  std::function<void()> theirs;
  /// How far the outputs are apart, after both have run.
  std::function<double()> difference;
  /// The most that they may be: what the documentation of the filter says.
  double tolerance = 0;
  /// Bytes of its inputs and outputs.
  double bytes = 0;
  /// Whether to move them is most of its work.
  bool bound_by_memory = false;
  /// Copies a frame as large as the input from there to the output, or to a frame of its own where that has
  /// another size: what the memory can do.
  std::function<void()> copy;
  double copied_bytes = 0;
  /// The claim: theirs over ours, for 1 and for 2 threads.
  double bars[2] = {1, 1};
};

/// OpenCV's name for a frame that is ours; no copy.
template <class T>
cv::Mat mat_of(const frames::view<const T>& frame) {
  const int type = CV_MAKETYPE(cv::DataType<T>::depth, static_cast<int>(frame.channels()));
  return {static_cast<int>(frame.height()), static_cast<int>(frame.width()), type,
          const_cast<T*>(frame.data()), static_cast<std::size_t>(frame.stride()) * sizeof(T)};
}

/// The largest distance of two samples.
double distance(const cv::Mat& a, const cv::Mat& b);

template <class T>
double bytes_of(const frames::view<T>& frame) {
  return static_cast<double>(frame.height() * frame.size().row_samples()) * sizeof(T);
}

/// Copies the rows of a frame, by the workers that a filter has.
template <class T>
void copy_rows(const frames::view<const T>& in, const frames::view<T>& out) {
  constexpr index_t band_rows = 64;
  parallel_for((in.height() + band_rows - 1) / band_rows, [&](index_t band) {
    for (index_t y = band * band_rows; y < std::min(in.height(), (band + 1) * band_rows); ++y)
      std::memcpy(out.row(y), in.row(y), static_cast<std::size_t>(in.size().row_samples()) * sizeof(T));
  });
}

/// A row whose output has `size` pixels of type Out: ours writes into a view, theirs into a Mat. Given
/// `bytes` it is bound by memory.
template <class Out, class In, class Ours, class Theirs>
filter_row row_of(std::string name, const frames::view<const In>& in, const frames::shape& size, Ours ours,
                  Theirs theirs, double tolerance, double bytes = 0) {
  const auto out = std::make_shared<frames::image<Out>>(size);
  const auto their_out = std::make_shared<cv::Mat>();
  const cv::Mat from = mat_of(in);
  auto copied = std::make_shared<frames::image<In>>();
  if constexpr (std::is_same_v<In, Out>)
    if (size == in.size()) copied = out;
  if (copied->size().empty()) *copied = frames::image<In>(in.size());
  return {std::move(name),
          [=] { ours(in, out->pixels()); },
          [from, their_out, theirs]() mutable { theirs(from, *their_out); },
          [=] { return distance(mat_of(frames::view<const Out>(out->pixels())), *their_out); },
          tolerance,
          bytes > 0 ? bytes : bytes_of(in) + bytes_of(out->pixels()),
          bytes > 0,
          [=] { copy_rows(in, copied->pixels()); },
          2 * bytes_of(in)};
}

using row_list = std::vector<filter_row>;
void add_adaptive_rows(const pictures& of, row_list& rows);
void add_blur_rows(const pictures& of, row_list& rows);
void add_chain_rows(const pictures& of, row_list& rows);
void add_edge_rows(const pictures& of, row_list& rows);
void add_point_rows(const pictures& of, row_list& rows);
void add_size_rows(const pictures& of, row_list& rows);

}  // namespace polyloop::bench
