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
      [=](const cv::Mat& from, cv::Mat& to) { cv::GaussianBlur(from, to, {size, size}, sigma, sigma); }, tolerance));
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
}

}  // namespace polyloop::bench
