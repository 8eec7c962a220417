#include "polyloop/aggregation/csv.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <system_error>

#include "csv_layout.hpp"
#include "csv_row.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::aggregation {

namespace {

/// Large enough that the start of a chunk is noise beside it, small enough
/// that a file of a few MB keeps all workers busy.
constexpr index_t default_chunk_bytes = index_t{1} << 18;

/// A column of strings while it is read: every chunk writes its characters into
/// a buffer of its own, and the ends relative to that.
struct string_parts {
  std::vector<std::string> characters;
  std::vector<index_t> ends;
  std::vector<std::uint8_t> valid;
};

/// A requested column while it is read.
using unfinished_column = std::variant<int64_column, double_column, string_parts>;

/// The columns of the file, and what becomes of each.
struct reading {
  std::string_view text;  // all of it, for counting lines
  dialect rules;
  std::vector<std::string> names;          // of the file's fields
  std::vector<std::ptrdiff_t> request;     // per field: the number of the request that wants it, or -1
  std::vector<unfinished_column> columns;  // per request
};

template <class T>
constexpr const char* type_name = std::is_integral_v<T> ? "an integer" : "a number";

template <class T>
T number(const field& from, index_t column, const char* begin) {
  T value{};
  const char* const end = from.text.data() + from.text.size();
  const auto [stop, status] = std::from_chars(from.text.data(), end, value);
  if (status == std::errc::result_out_of_range)
    throw field_failure{begin, column, excerpt(from.text),
                        std::string(type_name<T>) + " within its type's range"};
  if (status != std::errc{} || stop != end)
    throw field_failure{begin, column, excerpt(from.text), type_name<T>};
  return value;
}

/// Stores one field of a row into its column.
struct store {
  const field& from;
  const char* begin;
  index_t field_number;
  index_t row;
  std::size_t chunk;

  template <class T>
  void operator()(numeric_column<T>& into) const {
    if (!from.text.empty()) into.set(row, number<T>(from, field_number, begin));
  }

  void operator()(string_parts& into) const {
    std::string& characters = into.characters[chunk];
    append_unquoted(from, characters);
    into.ends[static_cast<std::size_t>(row)] = static_cast<index_t>(characters.size());
    into.valid[static_cast<std::size_t>(row)] = !from.text.empty() || from.quoted;
  }
};

std::string fields(std::size_t number) {
  return std::to_string(number) + (number == 1 ? " field" : " fields");
}

/// Reads one row and returns where the next begins.
const char* read_row(reading& job, const char* at, index_t row, std::size_t chunk) {
  const char* const end = job.text.data() + job.text.size();
  const std::size_t width = job.request.size();
  for (std::size_t f = 0;; ++f) {
    const char* const begin = at;
    const index_t number = static_cast<index_t>(f);
    if (f == width)
      throw field_failure{begin, number, "more than " + fields(width), fields(width) + " in the row"};
    field read;
    at = read_field(at, end, job.rules, number, read);
    if (const std::ptrdiff_t r = job.request[f]; r >= 0)
      std::visit(store{read, begin, number, row, chunk}, job.columns[static_cast<std::size_t>(r)]);
    if (more_fields(at, end, job.rules)) {
      ++at;
      continue;
    }
    if (f + 1 < width) throw field_failure{begin, number, fields(f + 1), fields(width) + " in the row"};
    return next_line(at, end);
  }
}

void read_chunk(reading& job, const chunk_of_rows& chunk, std::size_t number) {
  if (chunk.rows == 0) return;
  const char* at = first_row_of(chunk);
  for (index_t row = chunk.first_row; row < chunk.first_row + chunk.rows; ++row)
    at = read_row(job, at, row, number);
}

csv_error located(const reading& job, const field_failure& failure) {
  csv_problem problem;
  problem.line = 1 + std::count(job.text.data(), failure.field, '\n');
  problem.column = failure.column + 1;
  const auto column = static_cast<std::size_t>(failure.column);
  if (column < job.names.size()) problem.column_name = job.names[column];
  problem.found = failure.found;
  problem.expected = failure.expected;
  return csv_error(std::move(problem));
}

/// Reads the first row as names. Returns where the second begins.
const char* read_header(reading& job, const char* at) {
  const char* const end = job.text.data() + job.text.size();
  for (;; ++at) {
    field read;
    at = read_field(at, end, job.rules, static_cast<index_t>(job.names.size()), read);
    append_unquoted(read, job.names.emplace_back());
    if (!more_fields(at, end, job.rules)) return next_line(at, end);
  }
}

void match_requests(reading& job, const std::vector<column_request>& wanted) {
  job.request.assign(job.names.size(), -1);
  for (std::size_t r = 0; r < wanted.size(); ++r) {
    const auto found = std::find(job.names.begin(), job.names.end(), wanted[r].name);
    if (found == job.names.end()) throw invalid_argument("column", wanted[r].name, "a name in the header");
    if (std::find(found + 1, job.names.end(), wanted[r].name) != job.names.end())
      throw invalid_argument("column", wanted[r].name, "a name that is there once only");
    std::ptrdiff_t& request = job.request[static_cast<std::size_t>(found - job.names.begin())];
    if (request >= 0)
      throw invalid_argument("column", wanted[r].name, "a column that is requested once only");
    request = static_cast<std::ptrdiff_t>(r);
  }
}

unfinished_column empty_column(column_type type, index_t rows, std::size_t chunks) {
  const auto size = static_cast<std::size_t>(rows);
  switch (type) {
    case column_type::int64:
      return int64_column(rows);
    case column_type::float64:
      return double_column(rows);
    case column_type::string:
      break;
  }
  return string_parts{std::vector<std::string>(chunks), std::vector<index_t>(size),
                      std::vector<std::uint8_t>(size)};
}

/// Puts the characters of all chunks next to each other.
string_column joined(string_parts&& parts, const std::vector<chunk_of_rows>& chunks,
                     const loop_options& options) {
  std::vector<index_t> bases(chunks.size());
  index_t bytes = 0;
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    bases[c] = bytes;
    bytes += static_cast<index_t>(parts.characters[c].size());
  }
  std::string all(static_cast<std::size_t>(bytes), '\0');
  const auto join = [&parts, &chunks, &bases, &all](std::size_t c) {
    std::copy(parts.characters[c].begin(), parts.characters[c].end(), all.begin() + bases[c]);
    const auto first = parts.ends.begin() + chunks[c].first_row;
    std::for_each(first, first + chunks[c].rows, [base = bases[c]](index_t& end) { end += base; });
  };
  check_finished(parallel_for(chunks.size(), join, options));
  return {std::move(all), std::move(parts.ends), std::move(parts.valid)};
}

table finished(reading& job, const std::vector<column_request>& wanted,
               const std::vector<chunk_of_rows>& chunks, index_t rows, const loop_options& options) {
  table result(rows);
  for (std::size_t r = 0; r < wanted.size(); ++r) {
    if (auto* parts = std::get_if<string_parts>(&job.columns[r]))
      result.add(wanted[r].name, joined(std::move(*parts), chunks, options));
    else if (auto* integers = std::get_if<int64_column>(&job.columns[r]))
      result.add(wanted[r].name, std::move(*integers));
    else
      result.add(wanted[r].name, std::move(std::get<double_column>(job.columns[r])));
  }
  return result;
}

table read_rows(reading& job, std::string_view body, const std::vector<column_request>& wanted,
                index_t chunk_bytes, const loop_options& options) {
  const std::vector<chunk_of_rows> chunks = cut_into_chunks(body, chunk_bytes, options);
  const index_t rows = chunks.empty() ? 0 : chunks.back().first_row + chunks.back().rows;
  for (const column_request& each : wanted)
    job.columns.push_back(empty_column(each.type, rows, chunks.size()));
  const auto read = [&job, &chunks](std::size_t c) { read_chunk(job, chunks[c], c); };
  check_finished(parallel_for(chunks.size(), read, options));
  return finished(job, wanted, chunks, rows, options);
}

const char* after_byte_order_mark(std::string_view text) {
  return text.data() + (text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
}

/// The bytes of a file. C's streams, because they say why they failed.
std::string bytes_of(const std::string& name) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(name.c_str(), "rb"), &std::fclose);
  if (!file) throw file_error(name, std::generic_category().message(errno));
  std::string bytes;
  constexpr std::size_t step = std::size_t{1} << 22;
  for (std::size_t got = step; got == step;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + step);
    got = std::fread(bytes.data() + before, 1, step, file.get());
    bytes.resize(before + got);
  }
  if (std::ferror(file.get())) throw file_error(name, std::generic_category().message(errno));
  return bytes;
}

}  // namespace

namespace detail {

table read_csv_in_chunks(std::string_view text, const std::vector<column_request>& columns,
                         const csv_options& csv, index_t chunk_bytes, const loop_options& options) {
  if (chunk_bytes < 1)
    throw invalid_argument("chunk_bytes", std::to_string(chunk_bytes), "a positive number");
  reading job{text, dialect(csv.separator), {}, {}, {}};
  try {
    const char* at = after_byte_order_mark(text);
    if (csv.header)
      at = read_header(job, at);
    else
      for (const column_request& each : columns) job.names.push_back(each.name);
    match_requests(job, columns);
    const auto body = text.substr(static_cast<std::size_t>(at - text.data()));
    return read_rows(job, body, columns, chunk_bytes, options);
  } catch (const field_failure& failure) {
    throw located(job, failure);
  }
}

}  // namespace detail

table read_csv(std::string_view text, const std::vector<column_request>& columns, const csv_options& csv,
               const loop_options& options) {
  return detail::read_csv_in_chunks(text, columns, csv, default_chunk_bytes, options);
}

table read_csv_file(const std::string& file, const std::vector<column_request>& columns,
                    const csv_options& csv, const loop_options& options) {
  const std::string text = bytes_of(file);
  try {
    return read_csv(text, columns, csv, options);
  } catch (const csv_error& failed) {
    csv_problem problem = failed.problem();
    problem.file = file;
    throw csv_error(std::move(problem));
  }
}

}  // namespace polyloop::aggregation
