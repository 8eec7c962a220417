#include "y4m_header.hpp"

namespace polyloop::frames {

y4m_reader::y4m_reader(std::span<const std::byte> stream) : stream_(stream) {
  const detail::stream_line first = detail::read_line(stream, 0, detail::stream_magic, {});
  header_ = detail::parse_header(first);
  const auto bytes = static_cast<std::size_t>(frame_bytes(header_));
  for (std::size_t at = first.next; at < stream.size();) {
    const index_t number = frame_count();
    const std::size_t planes = detail::read_line(stream, at, detail::frame_magic, number).next;
    if (stream.size() - planes < bytes)
      throw y4m_error(stream.size(), number,
                      std::to_string(bytes - (stream.size() - planes)) + " more bytes of the frame's " +
                          std::to_string(bytes));
    planes_.push_back(planes);
    at = planes + bytes;
  }
}

yuv_planes y4m_reader::frame(index_t i) const {
  if (i < 0 || i >= frame_count())
    polyloop::detail::throw_invalid("frame", i, "0 to " + std::to_string(frame_count()) + " exclusive");
  const auto* next =
      reinterpret_cast<const std::uint8_t*>(stream_.data()) + planes_[static_cast<std::size_t>(i)];
  const auto take = [&next](const shape& size) {
    const view<const std::uint8_t> plane(size.empty() ? nullptr : next, size);
    next += size.width * size.height;
    return plane;
  };
  // One after the other: braces evaluate from left to right.
  const shape chroma = chroma_shape(header_);
  return {take({header_.width, header_.height, 1}), take(chroma), take(chroma)};
}

}  // namespace polyloop::frames
