#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "kernels/inputs.hpp"
#include "polyloop/frames/filters.hpp"
#include "polyloop/frames/y4m.hpp"

namespace polyloop::bench {

namespace {

using frames::image;
using frames::shape;
using rgb_image = image<std::uint8_t>;

constexpr index_t most_frames = 24;
constexpr index_t quick_frames = 4;
constexpr shape full_hd{1920, 1080, 3};

index_t wanted_frames(const inputs& how) {
  return how.quick ? quick_frames : most_frames;
}

rgb_image to_rgb(const frames::yuv_planes& planes) {
  rgb_image rgb({planes.y.width(), planes.y.height(), 3});
  frames::yuv420_to_rgb(planes, rgb);
  return rgb;
}

bool is_yuv420(frames::colour_space space) {
  using enum frames::colour_space;
  return space == yuv420 || space == yuv420jpeg || space == yuv420mpeg2 || space == yuv420paldv;
}

rgb_image cut_out(const rgb_image& whole, index_t left, index_t top, const shape& size) {
  rgb_image part(size);
  for (index_t y = 0; y < size.height; ++y)
    std::memcpy(part.row(y), whole.row(top + y) + 3 * left, static_cast<std::size_t>(size.row_samples()));
  return part;
}

/// 16:9, at most full HD, and small enough to be moved.
shape window_of(const shape& whole) {
  if (whole.width > full_hd.width && whole.height > full_hd.height) return full_hd;
  const index_t width = std::max<index_t>(1, std::min(whole.width * 4 / 5, whole.height * 4 / 5 * 16 / 9));
  return {width, std::clamp<index_t>(width * 9 / 16, 1, whole.height), 3};
}

/// The window goes from the upper left corner to the lower right one.
std::vector<rgb_image> panned(const rgb_image& whole, index_t count) {
  const shape size = window_of(whole.size());
  std::vector<rgb_image> all;
  for (index_t i = 0; i < count; ++i)
    all.push_back(cut_out(whole, (whole.size().width - size.width) * i / std::max<index_t>(1, count - 1),
                          (whole.size().height - size.height) * i / std::max<index_t>(1, count - 1), size));
  return all;
}

std::vector<rgb_image> read_frames(const inputs& how) {
  const std::string bytes = read_file(how.video);
  const frames::y4m_reader reader(std::as_bytes(std::span(bytes.data(), bytes.size())));
  if (!is_yuv420(reader.header().space))
    throw input_error(fmt::format("{}: header: colour space {}: expected 4:2:0", how.video,
                                  frames::to_string(reader.header().space)));
  if (reader.frame_count() == 0) throw input_error(how.video + ": no frame after the header");
  if (how.pan) return panned(to_rgb(reader.frame(0)), wanted_frames(how));
  std::vector<rgb_image> all;
  for (index_t i = 0; i < std::min(reader.frame_count(), wanted_frames(how)); ++i)
    all.push_back(to_rgb(reader.frame(i)));
  return all;
}

/// A moving gradient with noise: edges, flat parts and texture.
rgb_image generated_frame(index_t number) {
  rgb_image rgb(full_hd);
  for (index_t y = 0; y < full_hd.height; ++y)
    for (index_t x = 0; x < full_hd.row_samples(); ++x) {
      const auto place = static_cast<std::uint64_t>(y * full_hd.row_samples() + x);
      const auto noise = static_cast<index_t>(scrambled(place ^ static_cast<std::uint64_t>(number)) % 16);
      const bool square = ((x / 3 + 8 * number) / 120 + y / 120) % 2 == 0;
      rgb.row(y)[x] = static_cast<std::uint8_t>((square ? 160 : (x / 9 + y / 5 + 4 * number) % 160) + noise);
    }
  return rgb;
}

}  // namespace

std::shared_ptr<const clip> load_clip(const inputs& how) {
  clip loaded;
  if (how.video.empty()) {
    for (index_t i = 0; i < wanted_frames(how); ++i) loaded.rgb.push_back(generated_frame(i));
  } else {
    try {
      loaded.rgb = read_frames(how);
    } catch (const frames::y4m_error& problem) {
      throw input_error(fmt::format("{}: {}", how.video, problem.what()));
    }
  }
  const shape& size = loaded.rgb.front().size();
  loaded.label = fmt::format("{}, {}x{}", input_label(how.video, how.video_label), size.width, size.height);
  return std::make_shared<const clip>(std::move(loaded));
}

}  // namespace polyloop::bench
