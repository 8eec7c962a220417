#pragma once

#include <string_view>
#include <vector>

#include "polyloop/index.hpp"
#include "polyloop/loop_options.hpp"

namespace polyloop::aggregation {

/// A stretch of the text and the rows that begin in it: after one of its line
/// ends, or, for the first, at its beginning.
struct chunk_of_rows {
  const char* begin = nullptr;
  const char* end = nullptr;
  bool quoted = false;    // its first byte is inside a quoted field
  index_t first_row = 0;  // of those that begin in it
  index_t rows = 0;
};

/// Cuts the rows of a text into chunks of so many bytes. Right as long as the
/// text is well-formed; and up to its first malformed row if it is not: what
/// comes after that is never reported, because that row is.
std::vector<chunk_of_rows> cut_into_chunks(std::string_view rows, index_t chunk_bytes,
                                           const loop_options& options);

/// Where the first of a chunk's rows begins.
const char* first_row_of(const chunk_of_rows& chunk);

/// Throws stopped if the loop was. A unit is a chunk.
void check_finished(const loop_result& result);

}  // namespace polyloop::aggregation
