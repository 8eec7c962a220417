#include <opencv2/imgproc.hpp>

#include "frames/rows.hpp"
#include "polyloop/frames/filters.hpp"

namespace polyloop::bench {

namespace {

using byte_view = frames::view<const std::uint8_t>;
using frames::interpolation;

struct resizing {
  const char* name;
  interpolation ours;
  int theirs;
  double tolerance;
};

constexpr resizing enlarging[] = {{"bilinear", interpolation::bilinear, cv::INTER_LINEAR, 1},
                                  {"bicubic", interpolation::bicubic, cv::INTER_CUBIC, 1},
                                  {"lanczos", interpolation::lanczos, cv::INTER_LANCZOS4, 2},
                                  {"nearest", interpolation::nearest, cv::INTER_NEAREST, 0}};

void add_resize(const std::string& name, const byte_view& in, const frames::shape& size, const resizing& how,
                row_list& rows, bool halved) {
  const cv::Size theirs(static_cast<int>(size.width), static_cast<int>(size.height));
  const auto bytes = static_cast<double>(in.size().row_samples() * in.height());
  rows.push_back(row_of<std::uint8_t>(
      name, in, size, [=](const auto& from, const auto& to) { frames::resize(from, to, how.ours); },
      [=](const cv::Mat& from, cv::Mat& to) { cv::resize(from, to, theirs, 0, 0, how.theirs); },
      how.tolerance, halved ? 1.25 * bytes : 0));
}

void add_sizes(const std::string& kind, const byte_view& in, row_list& rows) {
  const auto size = [&in](index_t numerator, index_t denominator) {
    return frames::shape{in.width() * numerator / denominator, in.height() * numerator / denominator,
                         in.channels()};
  };
  add_resize("resize 1/2, " + kind, in, size(1, 2), enlarging[0], rows, true);
  add_resize("resize 1/3 by area, " + kind, in, size(1, 3), {"area", interpolation::area, cv::INTER_AREA, 1},
             rows, false);
  for (const resizing& how : enlarging)
    add_resize("resize 1.5 " + std::string(how.name) + ", " + kind, in, size(3, 2), how, rows, false);
}

}  // namespace

void add_size_rows(const pictures& of, row_list& rows) {
  add_sizes("8 bit", of.gray.front(), rows);
  add_sizes("8 bit x 3", of.rgb.front(), rows);
}

}  // namespace polyloop::bench
