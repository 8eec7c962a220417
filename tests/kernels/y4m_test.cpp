#include "polyloop/frames/y4m.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <string>

#include "frames_reference.hpp"

using polyloop::index_t;
using polyloop::invalid_argument;
using namespace polyloop::frames;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

y4m_header header_of(const std::string& text) {
  return y4m_reader(bytes_of(text)).header();
}

/// The error of a stream, which must have one.
y4m_error refused(const std::string& text) {
  try {
    y4m_reader reader(bytes_of(text));
  } catch (const y4m_error& problem) {
    return problem;
  }
  FAIL("accepted: " << text);
  return {0, {}, ""};
}

/// A stream of `frames` frames, whose samples count up.
std::string counting_stream(const y4m_header& header, index_t frames) {
  std::ostringstream out;
  y4m_writer writer(out, header);
  std::vector<std::uint8_t> samples(static_cast<std::size_t>(frame_bytes(header)));
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::uint8_t>(i);
  const shape luma{header.width, header.height};
  const shape chroma = chroma_shape(header);
  const std::uint8_t* const u = samples.data() + luma.width * luma.height;
  for (index_t i = 0; i < frames; ++i)
    writer.write({{samples.data(), luma}, {u, chroma}, {u + chroma.width * chroma.height, chroma}});
  CHECK(writer.frame_count() == frames);
  return out.str();
}

/// The stream that a reader's header and frames give when written.
std::string rewritten(const y4m_reader& reader) {
  std::ostringstream out;
  y4m_writer writer(out, reader.header());
  for (index_t i = 0; i < reader.frame_count(); ++i) writer.write(reader.frame(i));
  return out.str();
}

}  // namespace

TEST_CASE("y4m: the header's tags") {
  const y4m_header all = header_of("YUV4MPEG2 W720 H480 F30000:1001 It A10:11 C422 XYSCSS=422 Zunknown\n");
  CHECK(all == y4m_header{.width = 720,
                          .height = 480,
                          .frame_rate = {30000, 1001},
                          .pixel_aspect = {10, 11},
                          .interlacing = 't',
                          .space = colour_space::yuv422});
  CHECK(header_of("YUV4MPEG2 W2 H3\n") == y4m_header{.width = 2, .height = 3});
  CHECK(header_of("YUV4MPEG2  W2  H3 \n") == y4m_header{.width = 2, .height = 3});
  CHECK(header_of("YUV4MPEG2 W2 H3 W5 F0:0\n").width == 5);
  for (const char* name : {"mono", "420", "420jpeg", "420mpeg2", "420paldv", "422", "444"})
    CHECK(to_string(header_of(std::string("YUV4MPEG2 W2 H3 C") + name + "\n").space) == name);
}

TEST_CASE("y4m: a header that is none is refused at its byte") {
  CHECK(refused("").offset() == 0);
  CHECK(refused("YUV4MPEG").expected() == "the word YUV4MPEG2");
  CHECK(refused("YUV4MPEG2x W1 H1\n").offset() == 9);
  CHECK(refused("YUV4MPEG2 W1 H1").expected() == "a newline that ends the line");
  CHECK(refused("YUV4MPEG2 H1\n").expected() == "the tag W (width)");
  CHECK(refused("YUV4MPEG2 W1 F25:1\n").expected() == "the tag H (height)");
  CHECK(refused("YUV4MPEG2\n").offset() == 9);
  CHECK_FALSE(refused("YUV4MPEG2\n").frame());
  for (const char* tag :
       {"W",           "W0",    "W-1",           "W1x",  "W 1",       "W99999999999999999999",
        "W1073741825", "H0",    "F25",           "F25:", "F:1",       "F25:0",
        "F0:1",        "F-1:1", "F2147483648:1", "A1:x", "I",         "Ix",
        "Ipp",         "C",     "C420p10",       "C411", "C444alpha", "Cmono16"}) {
    CAPTURE(tag);
    const y4m_error problem = refused(std::string("YUV4MPEG2 W4 H4 ") + tag + "\n");
    CHECK(problem.offset() == 16);
    CHECK(std::string(problem.what()).find("byte 16: expected tag " + std::string(1, tag[0])) !=
          std::string::npos);
  }
}

TEST_CASE("y4m: sizes beyond all memory are an error, not an overflow") {
  for (const char* space : {"mono", "420", "422", "444"}) {
    const std::string header = std::string("YUV4MPEG2 W1073741824 H1073741824 C") + space + "\n";
    CHECK(y4m_reader(bytes_of(header)).frame_count() == 0);
    CHECK(refused(header + "FRAME\n1234").frame() == 0);
  }
}

TEST_CASE("y4m: a frame that is none is refused at its byte, with its number") {
  const std::string good = "YUV4MPEG2 W2 H1 Cmono\nFRAME\nab";
  CHECK(y4m_reader(bytes_of(good)).frame_count() == 1);
  CHECK(refused(good + "FRAME\na").frame() == 1);
  CHECK(refused(good + "FRAME\na").offset() == good.size() + 7);
  CHECK(refused(good + "FRAME\na").expected() == "1 more bytes of the frame's 2");
  CHECK(refused(good + "FRAME\n").expected() == "2 more bytes of the frame's 2");
  CHECK(refused(good + "FRAME").expected() == "a newline that ends the line");
  CHECK(refused(good + "FRAMES\nab").offset() == good.size() + 5);
  CHECK(refused(good + "frame\nab").expected() == "the word FRAME");
  CHECK(refused(good + "x").frame() == 1);
  CHECK_THROWS_WITH_AS(y4m_reader(bytes_of(good + "x")), "y4m frame 1, byte 30: expected the word FRAME",
                       y4m_error);
}

TEST_CASE("y4m: planes lie where the stream has them") {
  const std::string text = "YUV4MPEG2 W3 H3\nFRAME Ixyz Xab\n012345678uuuuvvvvFRAME\n876543210UUUUVVVV";
  const y4m_reader reader(bytes_of(text));
  REQUIRE(reader.frame_count() == 2);
  const yuv_planes second = reader.frame(1);
  CHECK(second.y.size() == shape{3, 3});
  CHECK(second.u.size() == shape{2, 2});
  CHECK(*second.y.pixel(2, 1) == '3');
  CHECK(*second.u.pixel(1, 1) == 'U');
  CHECK(*second.v.pixel(0, 0) == 'V');
  const void* const first = reader.frame(0).y.data();
  CHECK(first == text.data() + text.find('0'));
  CHECK_THROWS_AS(reader.frame(2), invalid_argument);
  CHECK_THROWS_AS(reader.frame(-1), invalid_argument);
}

TEST_CASE("y4m: what is written is read again, in every colour space and odd size") {
  for (const colour_space space :
       {colour_space::mono, colour_space::yuv420, colour_space::yuv420jpeg, colour_space::yuv420mpeg2,
        colour_space::yuv420paldv, colour_space::yuv422, colour_space::yuv444})
    for (const shape& size : {shape{1, 1}, shape{7, 5}, shape{16, 2}}) {
      const y4m_header header{.width = size.width,
                              .height = size.height,
                              .frame_rate = {25, 1},
                              .interlacing = 'p',
                              .space = space};
      CAPTURE(to_string(space));
      const std::string text = counting_stream(header, 3);
      const y4m_reader reader(bytes_of(text));
      CHECK(reader.header() == header);
      CHECK(reader.frame_count() == 3);
      CHECK(reader.frame(2).v.empty() == (space == colour_space::mono));
      CHECK(rewritten(reader) == text);
    }
}

TEST_CASE("y4m: the writer takes rows out of larger frames, and any sink") {
  auto y = reference::noise<std::uint8_t>({5, 3});
  std::string text;
  const auto append = [&text](std::span<const std::byte> bytes) {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return true;
  };
  y4m_writer writer(append, {.width = 5, .height = 3, .space = colour_space::mono});
  writer.write({y.pixels(), {}, {}});
  const y4m_reader reader(bytes_of(text));
  CHECK(*reader.frame(0).y.pixel(4, 2) == *y.pixels().pixel(4, 2));
}

TEST_CASE("y4m: the writer refuses headers and planes that do not fit, and tells of a full output") {
  std::ostringstream out;
  const auto refused_header = [&out](const y4m_header& header) {
    try {
      y4m_writer writer(out, header);
    } catch (const invalid_argument& problem) {
      return problem.argument();
    }
    return std::string("nothing");
  };
  CHECK(refused_header({.width = 0, .height = 1}) == "width");
  CHECK(refused_header({.width = 1, .height = most_y4m_side + 1}) == "height");
  CHECK(refused_header({.width = 1, .height = 1, .frame_rate = {25, 0}}) == "header");
  CHECK(refused_header({.width = 1, .height = 1, .interlacing = '\n'}) == "header");
  CHECK(refused_header({.width = 1, .height = 1, .space = static_cast<colour_space>(99)}) == "header");

  auto y = reference::noise<std::uint8_t>({4, 4});
  auto u = reference::noise<std::uint8_t>({2, 2});
  y4m_writer writer(out, {.width = 4, .height = 4});
  CHECK_THROWS_AS(writer.write({y.pixels(), u.pixels(), {}}), invalid_argument);
  CHECK_THROWS_AS(writer.write({u.pixels(), u.pixels(), u.pixels()}), invalid_argument);
  CHECK(writer.frame_count() == 0);
  out.setstate(std::ios::badbit);
  CHECK_THROWS_AS(writer.write({y.pixels(), u.pixels(), u.pixels()}), y4m_error);
}

namespace {

/// A folder of its own, gone at the end.
struct scratch_folder {
  scratch_folder()
      : path(std::filesystem::temp_directory_path() /
             ("polyloop-" + std::to_string(std::random_device{}()))) {
    std::filesystem::create_directory(path);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

/// Three frames of the clip as y4m; empty where there is no clip or no ffmpeg.
std::string decoded_clip() {
  const char* const folder = std::getenv("POLYLOOP_DATA");
  if (folder == nullptr) return {};
  const auto clip = std::filesystem::path(folder) / "big-buck-bunny-480p-30s.mp4";
  if (!std::filesystem::exists(clip) || std::system("ffmpeg -version >/dev/null 2>&1") != 0) return {};
  const scratch_folder scratch;
  const auto decoded = scratch.path / "clip.y4m";
  const std::string command = "ffmpeg -nostdin -v error -ss 5 -i '" + clip.string() +
                              "' -frames:v 3 -pix_fmt yuv420p '" + decoded.string() + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  std::ifstream file(decoded, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("y4m: frames of a real clip go through every filter") {
  const std::string text = decoded_clip();
  if (text.empty()) {
    MESSAGE("skipped: needs ffmpeg, and big-buck-bunny-480p-30s.mp4 in the folder POLYLOOP_DATA");
    return;
  }
  const y4m_reader reader(bytes_of(text));
  REQUIRE(reader.frame_count() == 3);
  const std::string again = rewritten(reader);
  const y4m_reader reread(bytes_of(again));
  CHECK(reread.header() == reader.header());

  const yuv_planes planes = reread.frame(2);
  const shape size = planes.y.size();
  image<std::uint8_t> rgb({size.width, size.height, 3});
  image<std::uint8_t> gray(size);
  image<std::uint8_t> blurred(size);
  image<std::uint8_t> expected(size);
  image<float> edges(size);
  yuv420_to_rgb(planes, rgb);
  grayscale(rgb, gray);
  gaussian_blur(gray, blurred, {.sigma = 1.5});
  sobel_magnitude(blurred, edges);

  reference::blur(gray.pixels(), expected.pixels(), 1.5, 5);
  bool same = true;
  for (index_t y = 0; y < size.height; ++y)
    for (index_t x = 0; x < size.width; ++x) {
      std::uint8_t colour[3];
      reference::yuv_to_rgb(planes, x, y, colour);
      same = same && std::equal(colour, colour + 3, rgb.pixels().pixel(x, y)) &&
             gray.row(y)[x] == reference::luma(colour) && blurred.row(y)[x] == expected.row(y)[x] &&
             edges.row(y)[x] == reference::sobel<int>(blurred.pixels(), x, y);
    }
  CHECK(same);
}
