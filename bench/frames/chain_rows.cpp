#include <opencv2/imgproc.hpp>

#include "frames/rows.hpp"
#include "polyloop/frames/filters.hpp"

namespace polyloop::bench {

namespace {

using byte_view = frames::view<const std::uint8_t>;
constexpr frames::border edge = frames::border_mode::reflect101;

/// Three calls of OpenCV's, each with frames of its own.
struct three_calls {
  cv::Mat gray, blurred, dx, dy;
  void operator()(const cv::Mat& from, cv::Mat& to) {
    cv::cvtColor(from, gray, cv::COLOR_RGB2GRAY);
    cv::GaussianBlur(gray, blurred, {5, 5}, 1.1, 1.1);
    cv::Sobel(blurred, dx, CV_32F, 1, 0);
    cv::Sobel(blurred, dy, CV_32F, 0, 1);
    cv::magnitude(dx, dy, to);
  }
};

// Samples may be 1 apart, and each counts four times in both gradients.
constexpr double three_apart = 16;

/// Three filters, each with a frame of its own in between.
void add_three(const byte_view& rgb, row_list& rows) {
  const frames::shape size{rgb.width(), rgb.height(), 1};
  const auto gray = std::make_shared<frames::image<std::uint8_t>>(size);
  const auto blurred = std::make_shared<frames::image<std::uint8_t>>(size);
  rows.push_back(row_of<float>(
      "gray, Gaussian 5x5, Sobel magnitude", rgb, size,
      [=](const auto& from, const auto& to) {
        frames::grayscale(from, gray->pixels());
        frames::gaussian_blur(gray->pixels(), blurred->pixels(), {1.1, 2, edge});
        frames::sobel_magnitude(blurred->pixels(), to, edge);
      },
      three_calls(), three_apart));
}

frames::chain edges() {
  return {"gray", frames::gaussian{1.1, 2, edge}, "sobel:border=reflect101"};
}

/// The same as a chain.
void add_chain(const byte_view& rgb, row_list& rows) {
  rows.push_back(row_of<float>(
      "chain gray, Gaussian 5x5, Sobel magnitude", rgb, {rgb.width(), rgb.height(), 1},
      [all = edges()](const auto& from, const auto& to) { all(from, to); }, three_calls(), three_apart));
  rows.back().bars[0] = 3.5;
  rows.back().bars[1] = 6;
}

/// Frames below each other, as OpenCV's rows of one Mat and as a sequence of ours.
template <class T>
std::vector<frames::view<T>> cut(const frames::view<T>& all, index_t height) {
  std::vector<frames::view<T>> made;
  for (index_t y = 0; y + height <= all.height(); y += height)
    made.emplace_back(all.row(y), frames::shape{all.width(), height, all.channels()}, all.stride());
  return made;
}

/// The chain over frames of so many rows, cut out of a large one: OpenCV has them one after the other.
void add_sequence(const byte_view& rgb, index_t height, row_list& rows) {
  const index_t all_rows = rgb.height() / height * height;
  const byte_view used(rgb.data(), {rgb.width(), all_rows, 3}, rgb.stride());
  rows.push_back(row_of<float>(
      "sequence of frames of " + std::to_string(height) + " rows, the same chain", used,
      {used.width(), all_rows, 1},
      [all = edges(), height](const byte_view& from, const frames::view<float>& to) {
        const auto in = cut(from, height);
        const auto out = cut(to, height);
        all(std::span(in), std::span(out));
      },
      [each = three_calls(), height](const cv::Mat& from, cv::Mat& to) mutable {
        to.create(from.rows, from.cols, CV_32F);
        for (int y = 0; y < from.rows; y += static_cast<int>(height)) {
          // Copied, for OpenCV's filters look at the rows around a part of a Mat.
          cv::Mat made;
          each(from.rowRange(y, y + static_cast<int>(height)).clone(), made);
          made.copyTo(to.rowRange(y, y + static_cast<int>(height)));
        }
      },
      three_apart));
}

}  // namespace

void add_chain_rows(const pictures& of, row_list& rows) {
  const byte_view rgb = of.rgb.front();
  add_three(rgb, rows);
  add_chain(rgb, rows);
  add_sequence(rgb, 54, rows);
  add_sequence(rgb, 540, rows);
}

}  // namespace polyloop::bench
