#include <opencv2/imgproc.hpp>

#include "frames/rows.hpp"
#include "polyloop/frames/filters.hpp"

namespace polyloop::bench {

namespace {

using byte_view = frames::view<const std::uint8_t>;

void add_threshold(const byte_view& in, int side, row_list& rows) {
  rows.push_back(row_of<std::uint8_t>(
      "adaptive threshold " + std::to_string(side) + "x" + std::to_string(side), in, in.size(),
      [=](const auto& from, const auto& to) {
        frames::adaptive_threshold(from, to, {.side = side, .below = 3});
      },
      [=](const cv::Mat& from, cv::Mat& to) {
        cv::adaptiveThreshold(from, to, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY, side, 3);
      },
      0));
}

template <class T>
void add_clahe(const std::string& kind, const frames::view<const T>& in, double tolerance, row_list& rows) {
  rows.push_back(row_of<T>(
      "CLAHE, " + kind, in, in.size(),
      [](const auto& from, const auto& to) {
        frames::clahe(from, to, {8, 8, 3});
      },
      [theirs = cv::createCLAHE(3, {8, 8})](const cv::Mat& from, cv::Mat& to) { theirs->apply(from, to); },
      tolerance));
}

/// The same picture with 16 bits.
std::shared_ptr<frames::image<std::uint16_t>> widened(const byte_view& of) {
  const auto made = std::make_shared<frames::image<std::uint16_t>>(of.size());
  for (index_t y = 0; y < of.height(); ++y)
    std::transform(of.row(y), of.row(y) + of.width(), made->row(y),
                   [](std::uint8_t sample) { return static_cast<std::uint16_t>(257 * sample); });
  return made;
}

}  // namespace

void add_adaptive_rows(const pictures& of, row_list& rows) {
  const byte_view gray = of.gray.front();
  for (const int side : {11, 31}) add_threshold(gray, side, rows);
  add_clahe<std::uint8_t>("8 bit", gray, 1, rows);
  const auto wide = widened(gray);
  add_clahe<std::uint16_t>("16 bit", wide->pixels(), 0, rows);
  rows.back().theirs = [wide, run = rows.back().theirs] { run(); };
}

}  // namespace polyloop::bench
