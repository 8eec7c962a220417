#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "polyloop/error.hpp"
#include "polyloop/frames/view.hpp"

/// YUV4MPEG2 (.y4m): uncompressed 8-bit video as mjpegtools' yuv4mpeg(5)
/// describes it and ffmpeg writes it. A header line, then for each frame the
/// line FRAME and the planes Y, U, V without gaps.
namespace polyloop::frames {

/// Bytes that are no y4m stream, or a frame that does not fit one.
class y4m_error : public error {
 public:
  /// `offset` in bytes from the beginning of the stream; `frame` counts from 0.
  y4m_error(std::size_t offset, std::optional<index_t> frame, std::string expected);

  /// Where in the stream it was noticed, in bytes.
  std::size_t offset() const noexcept { return offset_; }
  /// In which frame; none for the header.
  std::optional<index_t> frame() const noexcept { return frame_; }
  /// What the stream should have held there.
  const std::string& expected() const noexcept { return expected_; }

 private:
  std::size_t offset_;
  std::optional<index_t> frame_;
  std::string expected_;
};

/// How chroma is sampled: not at all (mono), at half the columns and rows
/// (420, whose variants differ in where a sample lies), at half the columns
/// (422), or everywhere (444). Named as in the stream.
enum class colour_space : unsigned char {
  mono,
  yuv420,
  yuv420jpeg,
  yuv420mpeg2,
  yuv420paldv,
  yuv422,
  yuv444
};

/// The name that follows C in a header ("420jpeg").
std::string_view to_string(colour_space space) noexcept;

/// A ratio as a y4m header writes it, a:b; 0:0 is unknown.
struct ratio {
  index_t numerator = 0;
  index_t denominator = 0;
  friend constexpr bool operator==(const ratio&, const ratio&) = default;
};

/// What the first line of a stream tells.
struct y4m_header {
  index_t width = 0;   ///< pixels, 1 to most_y4m_side
  index_t height = 0;  ///< pixels, 1 to most_y4m_side
  ratio frame_rate = {};
  ratio pixel_aspect = {};
  /// 'p' progressive, 't' or 'b' top or bottom field first, 'm' mixed, '?' unknown.
  char interlacing = '?';
  colour_space space = colour_space::yuv420jpeg;

  friend bool operator==(const y4m_header&, const y4m_header&) = default;
};

/// Larger frames than any; small enough that their bytes are counted without overflow.
inline constexpr index_t most_y4m_side = index_t{1} << 30;

/// Width and height of a chroma plane; no pixels for mono.
shape chroma_shape(const y4m_header& header);

/// Bytes of the planes of a frame.
index_t frame_bytes(const y4m_header& header);

/// A stream in memory (read or mapped), of which it keeps nothing but where
/// the frames are: views point into the bytes, which must outlive it.
///
/// Tags: W and H must be there; without F or A the ratio is unknown, without
/// C it is 420jpeg, as the format says. X tags, unknown tags and parameters of
/// frames are skipped; of a repeated tag the last counts.
///
/// Safe on any bytes. Const calls from several threads are safe.
class y4m_reader {
 public:
  /// Reads the header and finds the frames: O(header + frames), 8 bytes of
  /// memory for each frame. Throws y4m_error where a header or FRAME line is
  /// not as it should be, and where the last frame is cut short.
  explicit y4m_reader(std::span<const std::byte> stream);

  const y4m_header& header() const noexcept { return header_; }
  index_t frame_count() const noexcept { return static_cast<index_t>(planes_.size()); }

  /// The planes of frame i, where they lie in the stream. O(1). Throws
  /// invalid_argument unless 0 <= i < frame_count().
  yuv_planes frame(index_t i) const;

 private:
  std::span<const std::byte> stream_;
  y4m_header header_;
  std::vector<std::size_t> planes_;  // offset of each frame's Y plane
};

/// Writes a stream front to back.
class y4m_writer {
 public:
  /// Takes the next bytes of the stream, or returns false if it cannot; what
  /// it throws reaches the caller.
  using byte_sink = std::function<bool(std::span<const std::byte>)>;

  /// Writes the header. Throws invalid_argument for a header that no stream
  /// can have, and y4m_error where `out` (opened in binary mode) or the sink
  /// takes no more. `out` must outlive the writer, which does not flush it.
  y4m_writer(std::ostream& out, const y4m_header& header);
  y4m_writer(byte_sink sink, const y4m_header& header);

  /// Appends a frame, O(bytes). Throws invalid_argument for planes whose
  /// shapes are not those of the header, y4m_error as above.
  void write(const yuv_planes& frame);

  const y4m_header& header() const noexcept { return header_; }
  index_t frame_count() const noexcept { return frames_; }

 private:
  void put(std::span<const std::byte> bytes, std::optional<index_t> frame);
  void write_plane(const view<const std::uint8_t>& plane);

  byte_sink sink_;
  y4m_header header_;
  index_t frames_ = 0;
  std::size_t written_ = 0;
};

}  // namespace polyloop::frames
