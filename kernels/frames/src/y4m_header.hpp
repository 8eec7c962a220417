#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "polyloop/frames/y4m.hpp"

namespace polyloop::frames::detail {

/// A line of a stream, without the newline that ends it.
struct stream_line {
  std::string_view text;
  std::size_t offset;  ///< of its first byte
  std::size_t next;    ///< of the byte behind the newline
};

/// The line that begins at `offset`, with `magic` and then its end or a space.
/// Throws y4m_error for anything else.
stream_line read_line(std::span<const std::byte> stream, std::size_t offset, std::string_view magic,
                      std::optional<index_t> frame);

/// Reads the tags of the stream's first line. Throws y4m_error.
y4m_header parse_header(const stream_line& line);

/// The first line of a stream, newline included.
std::string format_header(const y4m_header& header);

inline constexpr std::string_view stream_magic = "YUV4MPEG2";
inline constexpr std::string_view frame_magic = "FRAME";

}  // namespace polyloop::frames::detail
