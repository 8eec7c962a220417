#include "group_by/made_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <vector>

#include "polyloop/huge_vector.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::bench::group_by {

namespace {

using aggregation::typed_column;

/// splitmix64 (Steele, Lea and Flood, 2014) of a counter: any element by itself.
std::uint64_t random_bits(std::uint64_t column, std::uint64_t row) {
  std::uint64_t z = (column << 56) + (row + 1) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

double random_part(std::uint64_t column, std::uint64_t row) {
  return static_cast<double>(random_bits(column, row) >> 11) * 0x1p-53;
}

template <class T, class Value>
huge_vector<T> filled(const table_shape& shape, const Value& value) {
  huge_vector<T> values(static_cast<std::size_t>(shape.rows));
  parallel_for(shape.rows, [&](index_t r) {
    values[static_cast<std::size_t>(r)] = value(static_cast<std::uint64_t>(shape.first + r));
  });
  return values;
}

/// One of `different` numbers from 0 on, for each row.
template <class T>
huge_vector<T> numbers(const table_shape& shape, std::uint64_t column, index_t different) {
  const auto most = static_cast<double>(different);
  return filled<T>(shape, [&](std::uint64_t row) {
    const double u = random_part(column, row);
    const double at = shape.zipf ? std::pow(most + 1, u) - 1 : u * most;
    return static_cast<T>(std::min(std::floor(at), most - 1));
  });
}

huge_vector<std::uint8_t> validity(const table_shape& shape, std::uint64_t column) {
  if (shape.missing == 0) return {};
  return filled<std::uint8_t>(shape, [&](std::uint64_t row) {
    return static_cast<std::uint8_t>(random_bits(column + 100, row) % 100 >=
                                     static_cast<unsigned>(shape.missing));
  });
}

typed_column plain(const typed_column& coded, std::span<const std::uint8_t> valid) {
  std::vector<std::string_view> strings(static_cast<std::size_t>(coded.rows()));
  for (index_t r = 0; r < coded.rows(); ++r)
    if (coded.valid(r)) strings[static_cast<std::size_t>(r)] = coded.text(r);
  return typed_column::strings(strings, valid);
}

template <class Code>
typed_column coded_column(const table_shape& shape, std::uint64_t column, index_t different, int width) {
  std::vector<std::string> names;
  for (index_t n = 1; n <= different; ++n) names.push_back(fmt::format("id{:0{}}", n, width));
  const typed_column dictionary = typed_column::strings({names.begin(), names.end()});
  const huge_vector<std::uint8_t> valid = validity(shape, column);
  typed_column made = typed_column::coded(numbers<Code>(shape, column, different), dictionary, valid);
  return shape.coded ? made : plain(made, valid);
}

typed_column string_column(const table_shape& shape, std::uint64_t column, index_t different, int width) {
  if (different <= 256) return coded_column<std::uint8_t>(shape, column, different, width);
  if (different <= 65536) return coded_column<std::uint16_t>(shape, column, different, width);
  return coded_column<std::uint32_t>(shape, column, different, width);
}

typed_column integer_column(const table_shape& shape, std::uint64_t column, index_t different) {
  huge_vector<std::int32_t> values = numbers<std::int32_t>(shape, column, different);
  for (std::int32_t& each : values) ++each;
  return typed_column::of(std::move(values), validity(shape, column));
}

}  // namespace

aggregation::typed_table made_table(const table_shape& shape) {
  const index_t few = shape.keys;
  const index_t many = std::max<index_t>((shape.all_rows == 0 ? shape.rows : shape.all_rows) / shape.keys, 1);
  aggregation::typed_table made;
  made.add("id1", string_column(shape, 1, few, 3));
  if (!shape.narrow) {
    made.add("id2", string_column(shape, 2, few, 3)).add("id3", string_column(shape, 3, many, 10));
    made.add("id4", integer_column(shape, 4, few)).add("id5", integer_column(shape, 5, few));
  }
  made.add("id6", integer_column(shape, 6, many));
  if (!shape.narrow) made.add("v1", integer_column(shape, 7, 5)).add("v2", integer_column(shape, 8, 15));
  const auto price = [](std::uint64_t row) { return std::round(random_part(9, row) * 1e8) / 1e6; };
  made.add("v3", typed_column::of(filled<double>(shape, price), validity(shape, 9)));
  return made;
}

namespace {

void write_cell(fmt::memory_buffer& out, const typed_column& of, index_t row) {
  if (!of.valid(row)) return;
  if (of.type() == aggregation::value_type::string)
    fmt::format_to(std::back_inserter(out), "{}", of.text(row));
  else if (of.type() == aggregation::value_type::float64)
    fmt::format_to(std::back_inserter(out), "{}", of.real(row));
  else
    fmt::format_to(std::back_inserter(out), "{}", of.integer(row));
}

}  // namespace

void write_csv(const aggregation::typed_table& table, const std::string& path) {
  std::ofstream file(path);
  std::vector<const typed_column*> columns;
  for (const std::string& name : table.names()) columns.push_back(&table[name]);
  file << fmt::format("{}\n", fmt::join(table.names(), ","));
  fmt::memory_buffer lines;
  for (index_t row = 0; row < table.rows(); ++row) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) lines.push_back(',');
      write_cell(lines, *columns[c], row);
    }
    lines.push_back('\n');
    if (lines.size() < 1 << 20 && row + 1 < table.rows()) continue;
    file.write(lines.data(), static_cast<std::streamsize>(lines.size()));
    lines.clear();
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

std::string name_of(const table_shape& shape) {
  return fmt::format("G1_{:.0e}_{:.0e}_{}_0{}{}{}", static_cast<double>(shape.rows),
                     static_cast<double>(shape.keys), shape.missing, shape.zipf ? ", Zipf" : "",
                     shape.narrow ? ", three columns" : "",
                     shape.coded ? ", coded strings" : ", plain strings");
}

}  // namespace polyloop::bench::group_by
