// Filters beside OpenCV's, whose results they promise.
#include <doctest/doctest.h>

#include <opencv2/imgproc.hpp>

#include "polyloop/frames/filters.hpp"

namespace {

namespace frames = polyloop::frames;
using polyloop::index_t;

template <class T>
frames::view<T> view_of(cv::Mat& mat) {
  return {mat.ptr<T>(), {mat.cols, mat.rows, mat.channels()}, static_cast<index_t>(mat.step1())};
}

/// Smooth areas, edges and noise.
cv::Mat picture(int width, int height, int type) {
  cv::Mat noise(height, width, CV_8U), made;
  cv::RNG random(7);
  random.fill(noise, cv::RNG::UNIFORM, 0, 60);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      noise.at<unsigned char>(y, x) = cv::saturate_cast<unsigned char>(
          noise.at<unsigned char>(y, x) + x * 150 / width + ((x / 17 + y / 11) % 3 == 0 ? 60 : 0));
  noise.convertTo(made, type, type == CV_16U ? 257 : 1);
  return made;
}

double apart(const cv::Mat& a, const cv::Mat& b) {
  return a.empty() ? 0 : cv::norm(a, b, cv::NORM_INF);
}

const cv::Size sizes[] = {{1, 1}, {5, 3}, {64, 48}, {131, 77}, {640, 360}};

template <class T>
double clahe_apart(const cv::Size& size, const frames::contrast_tiles& how) {
  cv::Mat in = picture(size.width, size.height, cv::DataType<T>::type), out(in.size(), in.type()), theirs;
  frames::clahe(view_of<T>(in), view_of<T>(out), how);
  cv::createCLAHE(how.clip_limit, {static_cast<int>(how.across), static_cast<int>(how.down)})
      ->apply(in, theirs);
  return apart(out, theirs);
}

}  // namespace

TEST_CASE("opencv: adaptive threshold is equal, inverted or not, by any C") {
  for (const cv::Size& size : sizes)
    for (const int side : {3, 15, 17, 51})
      for (const double below : {0.0, 4.5, -7.25, 300.0})
        for (const bool inverted : {false, true}) {
          INFO("side ", side, ", C ", below, ", inverted ", inverted);
          cv::Mat in = picture(size.width, size.height, CV_8U), out(in.size(), CV_8U), theirs;
          frames::adaptive_threshold(view_of<unsigned char>(in), view_of<unsigned char>(out),
                                     {.side = side, .below = below, .high = 201, .inverted = inverted});
          cv::adaptiveThreshold(in, theirs, 201, cv::ADAPTIVE_THRESH_MEAN_C,
                                inverted ? cv::THRESH_BINARY_INV : cv::THRESH_BINARY, side, below);
          CHECK(apart(out, theirs) == 0);
        }
}

TEST_CASE("opencv: CLAHE is equal for 16 bits, and within 1 for 8") {
  const frames::contrast_tiles ways[] = {{8, 8, 40}, {8, 8, 2}, {3, 5, 0}, {1, 1, 1}, {16, 4, 3.3}};
  for (const cv::Size& size : sizes)
    for (const frames::contrast_tiles& how : ways) {
      INFO("tiles ", how.across, " x ", how.down, ", limit ", how.clip_limit, ", width ", size.width);
      CHECK(clahe_apart<unsigned char>(size, how) <= 1);
      CHECK(clahe_apart<unsigned short>(size, how) == 0);
    }
}

TEST_CASE("opencv: a chain is within what its filters are apart") {
  cv::Mat in = picture(640, 360, CV_8U), out(in.size(), CV_32F), blurred, dx, dy, theirs;
  const frames::border edge = frames::border_mode::reflect101;
  const frames::chain all(frames::gaussian{1.1, 2, edge}, "sobel:border=reflect101");
  all(view_of<unsigned char>(in), view_of<float>(out));
  cv::GaussianBlur(in, blurred, {5, 5}, 1.1, 1.1);
  cv::Sobel(blurred, dx, CV_32F, 1, 0);
  cv::Sobel(blurred, dy, CV_32F, 0, 1);
  cv::magnitude(dx, dy, theirs);
  // Blurred samples may be 1 apart, and eight of them count in a gradient, by weights of 8 in all.
  CHECK(apart(out, theirs) <= 8 * std::sqrt(2.0));
}
