#include <opencv2/imgproc.hpp>

#include "frames/rows.hpp"
#include "polyloop/frames/filters.hpp"

namespace polyloop::bench {

namespace {

using byte_view = frames::view<const std::uint8_t>;
constexpr frames::border edge = frames::border_mode::reflect101;

void add_gradients(const std::string& kind, const byte_view& in, row_list& rows) {
  rows.push_back(row_of<std::int16_t>(
      "Sobel dx, " + kind, in, in.size(),
      [](const auto& from, const auto& to) { frames::sobel_dx(from, to, edge); },
      [](const cv::Mat& from, cv::Mat& to) { cv::Sobel(from, to, CV_16S, 1, 0); }, 0));
  rows.push_back(row_of<float>(
      "Sobel magnitude, " + kind, in, in.size(),
      [](const auto& from, const auto& to) { frames::sobel_magnitude(from, to, edge); },
      [dx = cv::Mat(), dy = cv::Mat()](const cv::Mat& from, cv::Mat& to) mutable {
        cv::Sobel(from, dx, CV_32F, 1, 0);
        cv::Sobel(from, dy, CV_32F, 0, 1);
        cv::magnitude(dx, dy, to);
      },
      1e-3));
  rows.push_back(row_of<std::int16_t>(
      "Laplacian, " + kind, in, in.size(),
      [](const auto& from, const auto& to) {
        frames::laplacian(from, to, frames::laplace_form::cross, edge);
      },
      [](const cv::Mat& from, cv::Mat& to) { cv::Laplacian(from, to, CV_16S); }, 0));
}

void add_morphology(const std::string& kind, const byte_view& in, int side, row_list& rows) {
  const std::string name = std::to_string(side) + "x" + std::to_string(side) + ", " + kind;
  const cv::Mat element = cv::getStructuringElement(cv::MORPH_RECT, {side, side});
  const frames::window of{side, side};
  const auto bytes = side == 3 ? 2.0 * static_cast<double>(in.size().row_samples() * in.height()) : 0;
  rows.push_back(row_of<std::uint8_t>(
      "erode " + name, in, in.size(), [=](const auto& from, const auto& to) { frames::erode(from, to, of); },
      [=](const cv::Mat& from, cv::Mat& to) {
        cv::erode(from, to, element, {-1, -1}, 1, cv::BORDER_REPLICATE);
      },
      0, bytes));
  rows.push_back(row_of<std::uint8_t>(
      "dilate " + name, in, in.size(),
      [=](const auto& from, const auto& to) { frames::dilate(from, to, of); },
      [=](const cv::Mat& from, cv::Mat& to) {
        cv::dilate(from, to, element, {-1, -1}, 1, cv::BORDER_REPLICATE);
      },
      0, bytes));
}

}  // namespace

void add_edge_rows(const pictures& of, row_list& rows) {
  rows.push_back(row_of<std::uint8_t>(
      "Canny", byte_view(of.gray.front()), of.gray.front().size(),
      [](const auto& from, const auto& to) {
        frames::canny(from, to, {50, 150});
      },
      [](const cv::Mat& from, cv::Mat& to) { cv::Canny(from, to, 50, 150); }, 0));
  add_gradients("8 bit", of.gray.front(), rows);
  add_gradients("8 bit x 3", of.rgb.front(), rows);
  for (const int side : {3, 7, 31}) {
    add_morphology("8 bit", of.gray.front(), side, rows);
    add_morphology("8 bit x 3", of.rgb.front(), side, rows);
  }
}

}  // namespace polyloop::bench
