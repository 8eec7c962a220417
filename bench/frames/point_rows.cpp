#include <opencv2/imgproc.hpp>

#include "frames/rows.hpp"
#include "polyloop/frames/filters.hpp"

namespace polyloop::bench {

namespace {

using byte_view = frames::view<const std::uint8_t>;

double samples_of(const byte_view& frame) {
  return static_cast<double>(frame.size().row_samples() * frame.height());
}

std::vector<byte_view> views_of(const std::vector<frames::image<std::uint8_t>>& all) {
  return {all.begin(), all.end()};
}

void add_points(const std::string& kind, const byte_view& in, const byte_view& other, row_list& rows) {
  rows.push_back(row_of<std::uint8_t>(
      "threshold, " + kind, in, in.size(),
      [](const auto& from, const auto& to) {
        frames::threshold(from, to, frames::threshold_at<std::uint8_t>{100, 255});
      },
      [](const cv::Mat& from, cv::Mat& to) { cv::threshold(from, to, 100, 255, cv::THRESH_BINARY); }, 0,
      2 * samples_of(in)));
  rows.push_back(row_of<std::uint8_t>(
      "absolute difference, " + kind, in, in.size(),
      [=](const auto& from, const auto& to) { frames::absolute_difference(from, other, to); },
      [theirs = mat_of(other)](const cv::Mat& from, cv::Mat& to) { cv::absdiff(from, theirs, to); }, 0,
      3 * samples_of(in)));
}

/// OpenCV has no mean of frames but their sum, which is scaled.
void add_mean(const std::string& kind, const std::vector<byte_view>& all, row_list& rows) {
  std::vector<cv::Mat> theirs;
  for (const byte_view& each : all) theirs.push_back(mat_of(each));
  rows.push_back(row_of<std::uint8_t>(
      "temporal mean of 5, " + kind, all.front(), all.front().size(),
      [=](const auto&, const auto& to) { frames::temporal_mean(all, to); },
      [theirs, sum = cv::Mat()](const cv::Mat& from, cv::Mat& to) mutable {
        sum.create(from.size(), CV_MAKETYPE(CV_32F, from.channels()));
        sum.setTo(0);
        for (const cv::Mat& each : theirs) cv::accumulate(each, sum);
        sum.convertTo(to, CV_8U, 1.0 / static_cast<double>(theirs.size()));
      },
      1));
}

/// The counts as a frame of 1 x 256 floats, as calcHist gives them.
void add_histogram(const byte_view& in, row_list& rows) {
  rows.push_back(row_of<float>(
      "histogram", in, {1, 256, 1},
      [](const auto& from, const frames::view<float>& to) {
        const auto counts = frames::histogram(from);
        for (index_t v = 0; v < 256; ++v)
          *to.row(v) = static_cast<float>(counts[static_cast<std::size_t>(v)]);
      },
      [](const cv::Mat& from, cv::Mat& to) {
        const int channel = 0, bins = 256;
        const float limits[] = {0, 256};
        const float* range = limits;
        cv::calcHist(&from, 1, &channel, cv::Mat(), to, 1, &bins, &range);
      },
      0));
}

/// The three planes of I420 below each other, as OpenCV has them.
struct i420 {
  explicit i420(const frames::view<std::uint8_t>& whole, index_t width, index_t height)
      : y{whole.data(), {width, height}},
        u{whole.data() + width * height, {width / 2, height / 2}},
        v{u.data() + width / 2 * (height / 2), {width / 2, height / 2}} {}
  frames::view<std::uint8_t> y, u, v;
};

void add_yuv(const byte_view& rgb, row_list& rows) {
  const index_t width = rgb.width(), height = rgb.height();
  rows.push_back(row_of<std::uint8_t>(
      "RGB to I420", rgb, {width, height * 3 / 2, 1},
      [=](const auto& from, const auto& to) {
        const i420 planes(to, width, height);
        frames::rgb_to_yuv420(from, {planes.y, planes.u, planes.v},
                              {.siting = frames::chroma_siting::corner});
      },
      [](const cv::Mat& from, cv::Mat& to) { cv::cvtColor(from, to, cv::COLOR_RGB2YUV_I420); }, 1));
  const auto yuv = std::make_shared<frames::image<std::uint8_t>>(frames::shape{width, height * 3 / 2, 1});
  const i420 planes(yuv->pixels(), width, height);
  frames::rgb_to_yuv420(rgb, {planes.y, planes.u, planes.v});
  rows.push_back(row_of<std::uint8_t>(
      "I420 to RGB", byte_view(yuv->pixels()), rgb.size(),
      [yuv, planes](const auto&, const auto& to) {
        frames::yuv420_to_rgb({planes.y, planes.u, planes.v}, to);
      },
      [](const cv::Mat& from, cv::Mat& to) { cv::cvtColor(from, to, cv::COLOR_YUV2RGB_I420); }, 1));
}

}  // namespace

void add_point_rows(const pictures& of, row_list& rows) {
  add_points("8 bit", of.gray[0], of.gray[1], rows);
  add_points("8 bit x 3", of.rgb[0], of.rgb[1], rows);
  add_mean("8 bit", views_of(of.gray), rows);
  add_mean("8 bit x 3", views_of(of.rgb), rows);
  const byte_view rgb = of.rgb.front();
  rows.push_back(row_of<std::uint8_t>(
      "RGB to gray", rgb, {rgb.width(), rgb.height(), 1},
      [](const auto& from, const auto& to) { frames::grayscale(from, to); },
      [](const cv::Mat& from, cv::Mat& to) { cv::cvtColor(from, to, cv::COLOR_RGB2GRAY); }, 1));
  const byte_view gray = of.gray.front();
  rows.push_back(row_of<std::uint8_t>(
      "equalize", gray, gray.size(), [](const auto& from, const auto& to) { frames::equalize(from, to); },
      [](const cv::Mat& from, cv::Mat& to) { cv::equalizeHist(from, to); }, 0));
  add_histogram(gray, rows);
  add_yuv(rgb, rows);
}

}  // namespace polyloop::bench
