#include "csv_layout.hpp"

#include <algorithm>

#include "polyloop/error.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::aggregation {

namespace {

/// Line ends of a chunk outside quotes, for each of the two states in which it may begin.
struct counts {
  index_t line_ends[2] = {0, 0};
  bool odd = false;  // an odd number of quotes
};

counts count(const char* begin, const char* end) {
  counts found;
  std::size_t quotes = 0;
  for (const char* at = begin; at != end; ++at) {
    found.line_ends[quotes & 1] += *at == '\n';
    quotes += *at == '"';
  }
  found.odd = quotes % 2 != 0;
  return found;
}

std::vector<chunk_of_rows> evenly_cut(std::string_view rows, index_t chunk_bytes) {
  const index_t bytes = static_cast<index_t>(rows.size());
  std::vector<chunk_of_rows> chunks(
      static_cast<std::size_t>(bytes / chunk_bytes + (bytes % chunk_bytes != 0)));
  const char* at = rows.data();
  for (chunk_of_rows& each : chunks) {
    each.begin = at;
    at += std::min<index_t>(chunk_bytes, rows.data() + bytes - at);
    each.end = at;
  }
  return chunks;
}

/// From the counts of each chunk alone to its state and its rows in the text.
void number_rows(std::vector<chunk_of_rows>& chunks, const std::vector<counts>& found) {
  bool quoted = false;
  index_t row = 0;
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    chunks[c].quoted = quoted;
    chunks[c].first_row = row;
    chunks[c].rows = found[c].line_ends[quoted ? 1 : 0] + (c == 0);
    row += chunks[c].rows;
    quoted ^= found[c].odd;
  }
  // No row begins after a line end that is the text's last byte.
  if (!quoted && chunks.back().end[-1] == '\n') --chunks.back().rows;
}

}  // namespace

std::vector<chunk_of_rows> cut_into_chunks(std::string_view rows, index_t chunk_bytes,
                                           const loop_options& options) {
  std::vector<chunk_of_rows> chunks = evenly_cut(rows, chunk_bytes);
  if (chunks.empty()) return chunks;
  std::vector<counts> found(chunks.size());
  check_finished(parallel_for(
      chunks.size(), [&chunks, &found](std::size_t c) { found[c] = count(chunks[c].begin, chunks[c].end); },
      options));
  number_rows(chunks, found);
  return chunks;
}

const char* first_row_of(const chunk_of_rows& chunk) {
  if (chunk.first_row == 0) return chunk.begin;
  bool quoted = chunk.quoted;
  for (const char* at = chunk.begin; at != chunk.end; ++at) {
    quoted ^= *at == '"';
    if (*at == '\n' && !quoted) return at + 1;
  }
  return chunk.end;
}

void check_finished(const loop_result& result) {
  if (!result.finished()) throw stopped(result.iterations);
}

}  // namespace polyloop::aggregation
