#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "polyloop/aggregation/csv_error.hpp"
#include "polyloop/aggregation/table.hpp"
#include "polyloop/loop_options.hpp"

namespace polyloop::aggregation {

/// A column that the caller wants, and as what.
struct column_request {
  std::string name;
  column_type type = column_type::string;
};

struct csv_options {
  char separator = ',';
  /// Whether the first row has the columns' names. Without one, the request
  /// has to name every column of the file, in order.
  bool header = true;
};

/// Reads the requested columns of a CSV text (RFC 4180) in parallel.
///
///  - Rows end in LF or CRLF; the last one may do without. A UTF-8 byte order
///    mark at the beginning is skipped.
///  - A field may be quoted; it may then hold separators, line ends, and quotes
///    that are doubled. A quote inside an unquoted field, anything between a
///    closing quote and the separator, a bare CR and a NUL byte are errors.
///  - Every row has as many fields as the first. An empty line is a row with
///    one empty field.
///  - An empty field is a missing value; a quoted empty one is an empty string
///    in a column of strings, and missing in one of numbers.
///  - Numbers are read whole, without spaces around them, correctly rounded and
///    independent of the locale; `inf` and `nan` are doubles, in any case. What
///    does not fit the type is an error.
///
/// Throws csv_error for the first malformed field in the order of the text (what a
/// serial reader would have met), invalid_argument for a request that the file's
/// header does not answer, and stopped if `options` ended it early. Columns
/// that were not requested are checked for their structure only.
///
/// Algorithm: the text is cut into chunks of a fixed number of bytes. A first
/// pass counts each chunk's quotes and line ends; the parity of all quotes before
/// it tells whether a chunk begins inside a quoted field (as in Ge et al.,
/// "Speculative distributed CSV data parsing for big data analytics", 2019,
/// without the speculation). The second pass parses the rows that begin in each chunk. O(n) work;
/// the columns' memory once, and that of the strings twice. Thread-safe.
table read_csv(std::string_view text, const std::vector<column_request>& columns, const csv_options& csv = {},
               const loop_options& options = {});

/// Reads a whole file into memory, and then its columns as read_csv does.
/// Throws file_error if that fails; its errors name the file.
table read_csv_file(const std::string& file, const std::vector<column_request>& columns,
                    const csv_options& csv = {}, const loop_options& options = {});

namespace detail {

/// read_csv with chunks of so many bytes, at least 1. The result is the same for all.
table read_csv_in_chunks(std::string_view text, const std::vector<column_request>& columns,
                         const csv_options& csv, index_t chunk_bytes, const loop_options& options = {});

}  // namespace detail

}  // namespace polyloop::aggregation
