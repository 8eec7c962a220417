#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <type_traits>

#include "kernels/project_kernels.hpp"
#include "kernels/twins.hpp"
#include "polyloop/aggregation/aggregation.hpp"
#include "support/checksum.hpp"

namespace polyloop::bench {

namespace {

using aggregation::column_type;
using aggregation::double_column;
using aggregation::string_column;
using aggregation::table;

constexpr const char* value_name = "value";
// Sums in another order differ by less, as a part of the sum of all sizes.
constexpr double sum_rounding = 1e-12;

std::vector<aggregation::column_request> requests_of(const csv_input& from) {
  std::vector<aggregation::column_request> wanted = {{from.key, column_type::string}};
  for (const std::string& name : from.values) wanted.push_back({name, column_type::float64});
  if (from.integer_key) wanted.push_back({*from.integer_key, column_type::int64});
  return wanted;
}

template <class Column>
void add_column(checksum& sum, const Column& column) {
  for (index_t row = 0; row < column.rows(); ++row) {
    sum.add_value(static_cast<int>(column.valid(row)));
    if constexpr (std::is_same_v<Column, string_column>) {
      sum.add_value(column[row].size());
      sum.add(std::as_bytes(std::span(column[row])));
    } else {
      sum.add_value(column[row]);
    }
  }
}

std::uint64_t hash_of(const table& read) {
  checksum sum;
  for (const std::string& name : read.names())
    std::visit([&sum](const auto& column) { add_column(sum, column); }, read[name]);
  return sum.value();
}

/// The numbers of a column, the lengths of its strings; 0 where a number is missing.
std::vector<double> values_of(const aggregation::column& any) {
  return std::visit(
      [](const auto& column) {
        std::vector<double> values;
        for (index_t row = 0; row < column.rows(); ++row) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(column)>, string_column>)
            values.push_back(static_cast<double>(column[row].size()));
          else
            values.push_back(static_cast<double>(column[row]));
        }
        return values;
      },
      any);
}

std::vector<double> values_of(const raw_column& column) {
  std::vector<double> values;
  for (const std::string& each : column.strings) values.push_back(static_cast<double>(each.size()));
  for (const double each : column.doubles) values.push_back(std::isnan(each) ? 0 : each);
  for (const std::int64_t each : column.integers) values.push_back(static_cast<double>(each));
  return values;
}

/// What a reading left behind: ours or the one by hand.
struct reading {
  table ours;
  raw_table raw;

  std::vector<double> values() const {
    std::vector<double> all;
    const auto add = [&all](const std::vector<double>& some) {
      all.insert(all.end(), some.begin(), some.end());
    };
    for (const std::string& name : ours.names()) add(values_of(ours[name]));
    for (const raw_column& column : raw) add(values_of(column));
    return all;
  }
};

std::vector<raw_field> fields_of(const csv_input& from) {
  std::vector<raw_field> fields;
  for (const auto& [name, type] : requests_of(from)) fields.push_back({place_of(from, name), type});
  return fields;
}

kernel reading_kernel(const std::shared_ptr<const csv_input>& from) {
  const auto out = std::make_shared<reading>();
  const std::size_t header = from->text.find('\n');
  const std::string_view text = from->text;
  const std::string_view rows = text.substr(header == std::string::npos ? text.size() : header + 1);
  const auto bytes = static_cast<double>(text.size());
  kernel made{.bytes = bytes, .input = fmt::format("{}, {:.1f} MB", from->label, bytes / 1e6)};
  made.run = [out, from, wanted = requests_of(*from)](const loop_options& how) {
    out->ours = aggregation::read_csv(from->text, wanted, {}, how);
  };
  made.checksum = [out] { return hash_of(out->ours); };
  made.clear = [out] { *out = {}; };
  made.values = [out] { return out->values(); };
  add_twins(made, [out, from, rows, fields = fields_of(*from)](const raw_kernels& by_hand) {
    out->raw = by_hand.read_csv(rows, fields);
  });
  return made;
}

/// The groups of ours as numbers: all that there is of each.
std::vector<double> numbers_of(const aggregation::grouped& groups) {
  const auto& value = groups.float64(value_name);
  std::vector<double> all;
  for (index_t g = 0; g < groups.groups(); ++g) {
    const auto at = static_cast<std::size_t>(g);
    all.insert(all.end(), {static_cast<double>(groups.rows()[at]), static_cast<double>(value.count[at]),
                           value.sum[at], value.mean[g], value.min[g], value.max[g]});
  }
  return all;
}

template <class Key>
std::vector<double> numbers_of(const raw_grouped<Key>& groups) {
  std::vector<double> all;
  for (const auto& [key, g] : groups) {
    const auto count = static_cast<double>(g.count);
    all.insert(all.end(), {static_cast<double>(g.rows), count, g.sum, g.count == 0 ? 0 : g.sum / count,
                           g.minimum, g.maximum});
  }
  return all;
}

template <class Column>
const Column& keys_of(const aggregation::grouped& groups) {
  if constexpr (std::is_same_v<Column, string_column>)
    return groups.string_keys();
  else
    return groups.int64_keys();
}

double sum_of_sizes(const double_column& values) {
  double total = 0;
  for (const double value : values.values()) total += std::isfinite(value) ? std::abs(value) : 0;
  return total;
}

/// The columns that are grouped.
template <class Column>
struct grouping_input {
  Column keys;
  double_column values;
};

/// What a grouping left behind: ours or the one by hand.
template <class Column>
struct grouping {
  std::optional<aggregation::grouped> ours;
  raw_grouped<typename Column::value_type> raw;

  std::vector<double> values() const { return ours ? numbers_of(*ours) : numbers_of(raw); }
  std::uint64_t hash() const {
    checksum sum;
    add_column(sum, keys_of<Column>(*ours));
    for (const double number : numbers_of(*ours)) sum.add_value(number);
    return sum.value();
  }
};

template <class Column>
using raw_grouping = raw_grouped<typename Column::value_type> (*raw_kernels::*)(const Column&,
                                                                                const double_column&);

constexpr double operations_of_a_row = 4;  // count, sum, minimum, maximum

template <class Column>
double bytes_of(const Column& keys) {
  auto bytes =
      static_cast<double>(keys.rows()) * sizeof(std::int64_t);  // where a string ends, or the integer
  if constexpr (std::is_same_v<Column, string_column>)
    for (index_t row = 0; row < keys.rows(); ++row) bytes += static_cast<double>(keys[row].size());
  return bytes;
}

template <class Column>
kernel grouping_kernel(const std::string& label, const std::shared_ptr<const grouping_input<Column>>& in,
                       raw_grouping<Column> raw) {
  const auto out = std::make_shared<grouping<Column>>();
  const auto rows = static_cast<double>(in->keys.rows());
  kernel made{.bytes = bytes_of(in->keys) + rows * sizeof(double),
              .operations = operations_of_a_row * rows,
              .input = label};
  made.run = [out, in](const loop_options& how) {
    const aggregation::value_input value(value_name, in->values);
    out->ours = aggregation::group_by(in->keys, {value}, aggregation::group_order::sorted, how);
  };
  made.checksum = [out] { return out->hash(); };
  made.clear = [out] { *out = {}; };
  made.values = [out] { return out->values(); };
  made.tolerance = sum_rounding * sum_of_sizes(in->values);
  add_twins(made,
            [out, in, raw](const raw_kernels& by_hand) { out->raw = (by_hand.*raw)(in->keys, in->values); });
  return made;
}

/// The value of each row: a column, or the product of two.
double_column value_of(const table& read, const std::vector<std::string>& names) {
  double_column values = read.float64(names.front());
  for (std::size_t i = 1; i < names.size(); ++i)
    values = aggregation::computed_column(
        values.rows(), [&values, &other = read.float64(names[i])](index_t row) -> std::optional<double> {
          if (!values.valid(row) || !other.valid(row)) return std::nullopt;
          return values[row] * other[row];
        });
  return values;
}

template <class Column>
kernel_family grouping_family(const std::string& name, const std::string& key,
                              const std::shared_ptr<const csv_input>& from, const table& read, Column keys,
                              raw_grouping<Column> raw) {
  const auto in = std::make_shared<const grouping_input<Column>>(
      grouping_input<Column>{std::move(keys), value_of(read, from->values)});
  const std::string label = fmt::format("{}, {} by {}", from->label, fmt::join(from->values, "*"), key);
  return {name, {in->keys.rows()}, [=](index_t) { return grouping_kernel<Column>(label, in, raw); }};
}

}  // namespace

std::vector<kernel_family> table_kernels(const std::shared_ptr<const csv_input>& from) {
  const table read = aggregation::read_csv(from->text, requests_of(*from));
  std::vector<kernel_family> all;
  all.push_back({"read-csv", {static_cast<index_t>(from->text.size())}, [from](index_t) {
                   return reading_kernel(from);
                 }});
  all.push_back(grouping_family<string_column>("group-by-string", from->key, from, read,
                                               read.string(from->key), &raw_kernels::group_by_string));
  if (from->integer_key)
    all.push_back(grouping_family<aggregation::int64_column>("group-by-integer", *from->integer_key, from,
                                                             read, read.int64(*from->integer_key),
                                                             &raw_kernels::group_by_integer));
  return all;
}

}  // namespace polyloop::bench
