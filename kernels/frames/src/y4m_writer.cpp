#include <ostream>
#include <utility>

#include "check.hpp"
#include "y4m_header.hpp"

namespace polyloop::frames {

namespace {

void require_side(const char* name, index_t side) {
  if (side < 1 || side > most_y4m_side)
    polyloop::detail::throw_invalid(name, side, "1 to " + std::to_string(most_y4m_side) + " pixels");
}

/// Refuses what the reader would: by letting it read.
void check_header(const y4m_header& header) {
  require_side("width", header.width);
  require_side("height", header.height);
  const std::string line = detail::format_header(header);
  try {
    const auto bytes = std::as_bytes(std::span(line));
    (void)detail::parse_header(detail::read_line(bytes, 0, detail::stream_magic, {}));
  } catch (const y4m_error& problem) {
    throw invalid_argument("header", line.substr(0, line.size() - 1), problem.expected());
  }
}

/// Puts bytes into a stream.
y4m_writer::byte_sink sink_of(std::ostream& out) {
  return [&out](std::span<const std::byte> bytes) {
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return static_cast<bool>(out);
  };
}

}  // namespace

y4m_writer::y4m_writer(std::ostream& out, const y4m_header& header) : y4m_writer(sink_of(out), header) {}

y4m_writer::y4m_writer(byte_sink sink, const y4m_header& header) : sink_(std::move(sink)), header_(header) {
  check_header(header);
  const std::string line = detail::format_header(header);
  put(std::as_bytes(std::span(line)), {});
}

void y4m_writer::put(std::span<const std::byte> bytes, std::optional<index_t> frame) {
  if (!sink_(bytes))
    throw y4m_error(written_, frame, "an output that takes " + std::to_string(bytes.size()) + " more bytes");
  written_ += bytes.size();
}

void y4m_writer::write(const yuv_planes& frame) {
  const shape chroma = chroma_shape(header_);
  detail::require_shape("y", frame.y.size(), {header_.width, header_.height, 1});
  detail::require_shape("u", frame.u.size(), chroma);
  detail::require_shape("v", frame.v.size(), chroma);
  constexpr std::string_view line = "FRAME\n";
  put(std::as_bytes(std::span(line)), frames_);
  for (const auto& plane : {frame.y, frame.u, frame.v}) write_plane(plane);
  ++frames_;
}

void y4m_writer::write_plane(const view<const std::uint8_t>& plane) {
  for (index_t y = 0; y < plane.height(); ++y)
    put(std::as_bytes(std::span(plane.row(y), static_cast<std::size_t>(plane.width()))), frames_);
}

}  // namespace polyloop::frames
