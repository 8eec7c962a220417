#include <opencv2/imgproc.hpp>

#include "frames/rows.hpp"
#include "polyloop/frames/filters.hpp"

namespace polyloop::bench {

namespace {

template <class T>
void add_gaussian(const std::string& kind, const frames::view<const T>& in, index_t radius, double tolerance,
                  row_list& rows) {
  // The sigma that OpenCV gives this size.
  const double sigma = 0.3 * (static_cast<double>(radius) - 1) + 0.8;
  const int size = static_cast<int>(2 * radius + 1);
  const std::string name = "Gaussian " + std::to_string(size) + "x" + std::to_string(size) + ", " + kind;
  rows.push_back(row_of<T>(
      name, in, in.size(),
      [=](const auto& from, const auto& to) {
        frames::gaussian_blur(from, to, {sigma, radius, frames::border_mode::reflect101});
      },
      [=](const cv::Mat& from, cv::Mat& to) {
        cv::GaussianBlur(from, to, {size, size}, sigma, sigma);
      },
      tolerance));
}

void add_box(const std::string& kind, const frames::view<const std::uint8_t>& in, int side, row_list& rows) {
  rows.push_back(row_of<std::uint8_t>(
      "box " + std::to_string(side) + "x" + std::to_string(side) + ", " + kind, in, in.size(),
      [=](const auto& from, const auto& to) {
        frames::box_blur(from, to, {side, side, frames::border_mode::reflect101});
      },
      [=](const cv::Mat& from, cv::Mat& to) {
        cv::blur(from, to, {side, side});
      },
      1));
}

void add_median(const std::string& kind, const frames::view<const std::uint8_t>& in, int side,
                row_list& rows) {
  rows.push_back(row_of<std::uint8_t>(
      "median " + std::to_string(side) + "x" + std::to_string(side) + ", " + kind, in, in.size(),
      [=](const auto& from, const auto& to) { frames::median(from, to, {side / 2}); },
      [=](const cv::Mat& from, cv::Mat& to) { cv::medianBlur(from, to, side); }, 0));
}

void add_unsharp(const std::string& kind, const frames::view<const std::uint8_t>& in, row_list& rows) {
  rows.push_back(row_of<std::uint8_t>(
      "unsharp 5x5, " + kind, in, in.size(),
      [=](const auto& from, const auto& to) {
        frames::unsharp_mask(from, to, {{1.1, 2, frames::border_mode::reflect101}, 1.0});
      },
      [blurred = cv::Mat()](const cv::Mat& from, cv::Mat& to) mutable {
        cv::GaussianBlur(from, blurred, {5, 5}, 1.1, 1.1);
        cv::addWeighted(from, 2.0, blurred, -1.0, 0.0, to);
      },
      2));
}

/// Weights that are no product of a column and a row.
template <class T>
void add_convolution(const std::string& kind, const frames::view<const T>& in, int side, row_list& rows) {
  std::vector<float> weights;
  for (int i = 0; i < side * side; ++i)
    weights.push_back(static_cast<float>(1 + i * i % 7) / static_cast<float>(4 * side * side));
  const cv::Mat theirs = cv::Mat(side, side, CV_32F, weights.data()).clone();
  rows.push_back(row_of<T>(
      "convolution " + std::to_string(side) + "x" + std::to_string(side) + ", " + kind, in, in.size(),
      [=](const auto& from, const auto& to) {
        frames::convolve(from, to, {{side, side, frames::border_mode::reflect101}, weights});
      },
      [=](const cv::Mat& from, cv::Mat& to) { cv::filter2D(from, to, -1, theirs); }, 1));
}

void add_bilateral(const std::string& kind, const frames::view<const std::uint8_t>& in, int radius,
                   row_list& rows) {
  const frames::bilateral how{radius, 30, 2, frames::border_mode::reflect101};
  rows.push_back(row_of<std::uint8_t>(
      "bilateral d " + std::to_string(2 * radius + 1) + ", " + kind, in, in.size(),
      [=](const auto& from, const auto& to) { frames::bilateral_filter(from, to, how); },
      [=](const cv::Mat& from, cv::Mat& to) { cv::bilateralFilter(from, to, 2 * radius + 1, 30, 2); }, 1));
}

}  // namespace

void add_blur_rows(const pictures& of, row_list& rows) {
  const frames::view<const std::uint8_t> gray = of.gray.front();
  const frames::view<const std::uint8_t> rgb = of.rgb.front();
  for (const index_t radius : {2, 7}) {
    add_gaussian<std::uint8_t>("8 bit", gray, radius, 1, rows);
    add_gaussian<std::uint8_t>("8 bit x 3", rgb, radius, 1, rows);
    add_gaussian<float>("float", of.gray_float, radius, 1e-3, rows);
  }
  for (const int side : {5, 15}) {
    add_box("8 bit", gray, side, rows);
    add_box("8 bit x 3", rgb, side, rows);
  }
  for (const int side : {3, 5, 9}) {
    add_median("8 bit", gray, side, rows);
    add_median("8 bit x 3", rgb, side, rows);
  }
  add_unsharp("8 bit", gray, rows);
  add_unsharp("8 bit x 3", rgb, rows);
  for (const int side : {5, 11}) {
    add_convolution<std::uint8_t>("8 bit", gray, side, rows);
    add_convolution<std::uint8_t>("8 bit x 3", rgb, side, rows);
    add_convolution<float>("float", of.gray_float, side, rows);
  }
  for (const int radius : {2, 4}) {
    add_bilateral("8 bit", gray, radius, rows);
    add_bilateral("8 bit x 3", rgb, radius, rows);
  }
}

}  // namespace polyloop::bench
