#pragma once

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>

#include "kernels/raw.hpp"

/// A CSV reader as one would write it by hand for a file that one trusts: it
/// knows quotes and doubled quotes, and checks nothing. The text is cut into
/// parts; the parity of the quotes before a part tells whether it begins
/// inside a quoted field.
namespace polyloop::bench {

inline constexpr std::size_t raw_part_bytes = std::size_t{1} << 20;

/// Wraps a call for a runtime's over_rows.
template <class Call>
struct parts_of {
  struct scratch {};
  const Call& call;
  void operator()(index_t part, scratch&) const { call(static_cast<std::size_t>(part)); }
};

template <class Runtime, class Call>
void over_parts(std::size_t count, const Call& call) {
  Runtime::over_rows(static_cast<index_t>(count), parts_of<Call>{call});
}

/// Reads the field that begins at `at` into `field`; returns where it ends.
inline const char* read_field(const char* at, const char* end, std::string& field) {
  field.clear();
  if (at == end || *at != '"') {
    const char* const stop = std::find_if(at, end, [](char c) { return c == ',' || c == '\n'; });
    field.assign(at, stop != at && stop[-1] == '\r' ? stop - 1 : stop);
    return stop;
  }
  for (++at; at < end; ++at) {
    if (*at != '"') {
      field += *at;
    } else if (at + 1 < end && at[1] == '"') {
      field += *at++;
    } else {
      break;
    }
  }
  return std::find_if(at, end, [](char c) { return c == ',' || c == '\n'; });
}

template <class T>
T number_in(const std::string& field, T missing) {
  T number = missing;
  std::from_chars(field.data(), field.data() + field.size(), number);
  return number;
}

inline void store(const std::string& field, aggregation::column_type type, raw_column& to) {
  switch (type) {
    case aggregation::column_type::string:
      to.strings.push_back(field);
      break;
    case aggregation::column_type::float64:
      to.doubles.push_back(number_in(field, std::numeric_limits<double>::quiet_NaN()));
      break;
    case aggregation::column_type::int64:
      to.integers.push_back(number_in(field, std::int64_t{0}));
      break;
  }
}

/// Where the first row begins at or after `from`.
inline std::size_t row_at_or_after(std::string_view text, std::size_t from, bool quoted) {
  if (from == 0) return 0;
  if (!quoted && text[from - 1] == '\n') return from;
  for (; from < text.size(); ++from) {
    if (text[from] == '"') quoted = !quoted;
    if (text[from] == '\n' && !quoted) return from + 1;
  }
  return text.size();
}

/// The rows that begin in [first, last).
inline raw_table read_rows(std::string_view text, std::size_t first, std::size_t last,
                           const std::vector<raw_field>& wanted) {
  raw_table columns(wanted.size());
  std::vector<std::size_t> column_of;  // of a place in a row
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    column_of.resize(std::max(column_of.size(), wanted[w].place + 1), wanted.size());
    column_of[wanted[w].place] = w;
  }
  std::string field;
  const char* at = text.data() + first;
  const char* const end = text.data() + text.size();
  while (at < text.data() + last) {
    for (std::size_t place = 0;; ++place) {
      at = read_field(at, end, field);
      const std::size_t w = place < column_of.size() ? column_of[place] : wanted.size();
      if (w < wanted.size()) store(field, wanted[w].type, columns[w]);
      if (at == end || *at++ == '\n') break;
    }
  }
  return columns;
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

inline raw_table joined(std::vector<raw_table>& parts) {
  raw_table all = std::move(parts.front());
  for (std::size_t p = 1; p < parts.size(); ++p)
    for (std::size_t c = 0; c < all.size(); ++c) {
      append(all[c].strings, parts[p][c].strings);
      append(all[c].doubles, parts[p][c].doubles);
      append(all[c].integers, parts[p][c].integers);
    }
  return all;
}

template <class Runtime>
raw_table read_csv_by_hand(std::string_view text, const std::vector<raw_field>& wanted) {
  const std::size_t count = text.size() / raw_part_bytes + 1;
  const auto begin_of = [&](std::size_t part) { return std::min(part * raw_part_bytes, text.size()); };
  std::vector<index_t> quotes(count + 1);
  over_parts<Runtime>(count, [&](std::size_t part) {
    const std::string_view own = text.substr(begin_of(part), raw_part_bytes);
    quotes[part + 1] = std::count(own.begin(), own.end(), '"');
  });
  for (std::size_t part = 0; part < count; ++part) quotes[part + 1] += quotes[part];

  std::vector<raw_table> parts(count);
  over_parts<Runtime>(count, [&](std::size_t part) {
    const auto row_of = [&](std::size_t p) { return row_at_or_after(text, begin_of(p), quotes[p] % 2 != 0); };
    parts[part] = read_rows(text, row_of(part), part + 1 < count ? row_of(part + 1) : text.size(), wanted);
  });
  return joined(parts);
}

}  // namespace polyloop::bench
