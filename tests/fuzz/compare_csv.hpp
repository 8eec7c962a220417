#pragma once

#include <bit>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include "naive_csv.hpp"
#include "polyloop/aggregation/csv.hpp"

/// Whether the parallel reader and the naive one agree on a text.
namespace compare {

using namespace polyloop::aggregation;

inline const std::vector<column_request>& three_columns() {
  static const std::vector<column_request> columns{
      {"a", column_type::int64}, {"b", column_type::float64}, {"c", column_type::string}};
  return columns;
}

template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

/// What differs in one row; empty if nothing does.
inline std::string row_difference(const table& got, const std::vector<naive::cell>& row,
                                  polyloop::index_t r) {
  const auto& a = got.int64("a");
  const auto& b = got.float64("b");
  const auto& c = got.string("c");
  const bool missing_text = row[2].text.empty() && !row[2].quoted;
  if (a.valid(r) == row[0].text.empty()) return text("validity of a in row ", r);
  if (b.valid(r) == row[1].text.empty()) return text("validity of b in row ", r);
  if (c.valid(r) == missing_text) return text("validity of c in row ", r);
  if (a.valid(r) && a[r] != std::stoll(row[0].text)) return text("a in row ", r);
  double expected = 0;
  std::from_chars(row[1].text.data(), row[1].text.data() + row[1].text.size(), expected);
  if (b.valid(r) && std::bit_cast<std::uint64_t>(b[r]) != std::bit_cast<std::uint64_t>(expected))
    return text("b in row ", r);
  return c[r] == row[2].text ? "" : text("c in row ", r, ": ", c[r]);
}

inline std::string table_difference(const table& got, const naive::sheet& expected) {
  if (got.rows() != static_cast<polyloop::index_t>(expected.rows.size()))
    return text(got.rows(), " rows instead of ", expected.rows.size());
  for (std::size_t r = 0; r < expected.rows.size(); ++r) {
    const auto difference = row_difference(got, expected.rows[r], static_cast<polyloop::index_t>(r));
    if (!difference.empty()) return difference;
  }
  return "";
}

/// Reads a text without a header as columns a, b, c, by both readers. Empty if
/// they agree: on every value, or on line and column of the error.
inline std::string difference(std::string_view input, polyloop::index_t chunk_bytes) {
  naive::sheet expected;
  const auto failed = naive::reader(input, {naive::kind::integer, naive::kind::number, naive::kind::text})
                          .read(expected, true);
  try {
    const table got = detail::read_csv_in_chunks(input, three_columns(), {.header = false}, chunk_bytes);
    if (failed) return text("no error, instead of one in line ", failed->line, ", column ", failed->column);
    return table_difference(got, expected);
  } catch (const csv_error& e) {
    if (!failed) return text("an error where there is none: ", e.what());
    if (static_cast<std::size_t>(e.line()) == failed->line &&
        static_cast<std::size_t>(e.column()) == failed->column)
      return "";
    return text(e.what(), "; instead of line ", failed->line, ", column ", failed->column);
  }
}

}  // namespace compare
