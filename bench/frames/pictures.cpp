#include "frames/pictures.hpp"

#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "polyloop/frames/filters.hpp"
#include "support/input.hpp"

namespace polyloop::bench {

namespace {

using frames::image;
using frames::view;

constexpr int first_frame = 60;  // the clip fades in
constexpr std::size_t frame_count = 5;

frames::image<std::uint8_t> rgb_of(const cv::Mat& bgr, index_t width, index_t height) {
  image<std::uint8_t> made({width, height, 3});
  cv::Mat sized;
  cv::resize(bgr, sized, {static_cast<int>(width), static_cast<int>(height)}, 0, 0, cv::INTER_CUBIC);
  cv::Mat ours = mat_of<std::uint8_t>(made.pixels());
  cv::cvtColor(sized, ours, cv::COLOR_BGR2RGB);
  return made;
}

image<std::uint8_t> gray_of(const image<std::uint8_t>& rgb) {
  image<std::uint8_t> gray({rgb.size().width, rgb.size().height, 1});
  frames::grayscale(rgb, gray);
  return gray;
}

image<float> float_of(const image<std::uint8_t>& from) {
  image<float> made(from.size());
  for (index_t y = 0; y < made.size().height; ++y)
    std::copy_n(from.row(y), made.size().row_samples(), made.row(y));
  return made;
}

std::vector<image<std::uint8_t>> frames_of(const std::string& video, index_t width, index_t height) {
  cv::VideoCapture capture(video);
  cv::Mat bgr;
  std::vector<image<std::uint8_t>> made;
  for (int i = 0; made.size() < frame_count && capture.read(bgr); ++i)
    if (i >= first_frame) made.push_back(rgb_of(bgr, width, height));
  if (made.size() < frame_count) throw input_error(video + ": OpenCV reads too few frames");
  return made;
}

/// Spots of colour with noise, the same on every machine.
std::vector<image<std::uint8_t>> generated(index_t width, index_t height) {
  cv::RNG lot(1);
  std::vector<image<std::uint8_t>> made;
  while (made.size() < frame_count) {
    cv::Mat spots(27, 48, CV_8UC3), noise(1080, 1920, CV_8UC3), sized;
    lot.fill(spots, cv::RNG::UNIFORM, 0, 240);
    lot.fill(noise, cv::RNG::UNIFORM, 0, 16);
    cv::resize(spots, sized, noise.size(), 0, 0, cv::INTER_CUBIC);
    made.push_back(rgb_of(sized + noise, width, height));
  }
  return made;
}

}  // namespace

double distance(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_INF);
}

pictures load_pictures(const std::string& video, index_t width, index_t height) {
  pictures made;
  made.rgb = video.empty() ? generated(width, height) : frames_of(video, width, height);
  for (const auto& each : made.rgb) made.gray.push_back(gray_of(each));
  made.gray_float = float_of(made.gray.front());
  made.rgb_float = float_of(made.rgb.front());
  return made;
}

}  // namespace polyloop::bench
