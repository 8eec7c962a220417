#include "polyloop/aggregation/group_by.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "csv_layout.hpp"
#include "key_index.hpp"

namespace polyloop::aggregation {

namespace {

/// The accumulators of one value, an element for each group.
using accumulators = std::variant<std::vector<accumulator<std::int64_t>>, std::vector<accumulator<double>>>;

/// Rows per block, by a rule of their number alone: enough to make a table
/// worth its while, and at most 256 blocks, whose tables are all held until they are merged.
index_t rows_per_block(index_t rows) {
  return std::max<index_t>(8192, rows / 256 + (rows % 256 != 0));
}

/// The groups of some rows, in the order of their first appearance.
template <class Key>
struct group_table {
  key_index<Key> index;
  std::vector<std::int32_t> group_of_key;    // groups and keys differ by the group of missing keys
  std::int32_t missing = -1;                 // its number, if it has one
  std::vector<std::ptrdiff_t> key_of_group;  // -1 for the group of missing keys
  std::vector<index_t> rows;
  std::vector<accumulators> values;

  std::int32_t new_group(std::ptrdiff_t key) {
    if (rows.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
      throw invalid_argument("number of groups", std::to_string(rows.size()), "fewer than 2^31");
    rows.push_back(0);
    key_of_group.push_back(key);
    return static_cast<std::int32_t>(rows.size() - 1);
  }

  std::int32_t group_of(const Key& key) {
    const std::int32_t number = index.number(key);
    if (static_cast<std::size_t>(number) == group_of_key.size()) group_of_key.push_back(new_group(number));
    return group_of_key[static_cast<std::size_t>(number)];
  }

  std::int32_t group_of_missing() {
    if (missing < 0) missing = new_group(-1);
    return missing;
  }

  const Key& key(std::size_t group) const {
    return index.keys()[static_cast<std::size_t>(key_of_group[group])];
  }
  bool has_key(std::size_t group) const { return key_of_group[group] >= 0; }
};

template <class Column>
using table_for = group_table<typename Column::value_type>;

template <class Column>
std::vector<std::int32_t> numbered(const Column& keys, index_t first, index_t last,
                                   table_for<Column>& table) {
  std::vector<std::int32_t> group_of_row(static_cast<std::size_t>(last - first));
  for (index_t row = first; row < last; ++row) {
    const std::int32_t group = keys.valid(row) ? table.group_of(keys[row]) : table.group_of_missing();
    group_of_row[static_cast<std::size_t>(row - first)] = group;
    ++table.rows[static_cast<std::size_t>(group)];
  }
  return group_of_row;
}

accumulators empty_accumulators(const value_input& value, std::size_t groups) {
  if (value.add_rows().index() == 0) return std::vector<accumulator<std::int64_t>>(groups);
  return std::vector<accumulator<double>>(groups);
}

template <class Column>
table_for<Column> group_block(const Column& keys, const std::vector<value_input>& values, index_t first,
                              index_t last) {
  table_for<Column> table;
  const std::vector<std::int32_t> group_of_row = numbered(keys, first, last, table);
  for (const value_input& value : values) {
    accumulators& groups = table.values.emplace_back(empty_accumulators(value, table.rows.size()));
    const auto add = [&]<class T>(const detail::add_rows<T>& rows) {
      rows(first, group_of_row, std::get<std::vector<accumulator<T>>>(groups).data());
    };
    std::visit(add, value.add_rows());
  }
  return table;
}

/// For each group of `part`, its number in `all`, where it is made if it is new.
template <class Key>
std::vector<std::int32_t> matched(group_table<Key>& all, const group_table<Key>& part) {
  std::vector<std::int32_t> number(part.rows.size());
  for (std::size_t g = 0; g < number.size(); ++g) {
    number[g] = part.has_key(g) ? all.group_of(part.key(g)) : all.group_of_missing();
    all.rows[static_cast<std::size_t>(number[g])] += part.rows[g];
  }
  return number;
}

void merge_values(accumulators& all, const accumulators& part, const std::vector<std::int32_t>& number,
                  std::size_t groups) {
  const auto merge = [&]<class T>(std::vector<T>& into) {
    into.resize(groups);
    const auto& from = std::get<std::vector<T>>(part);
    for (std::size_t g = 0; g < from.size(); ++g) into[static_cast<std::size_t>(number[g])].merge(from[g]);
  };
  std::visit(merge, all);
}

template <class Key>
group_table<Key> merged(std::vector<group_table<Key>>& blocks, const std::vector<value_input>& values) {
  group_table<Key> all;
  for (const value_input& value : values) all.values.push_back(empty_accumulators(value, 0));
  for (group_table<Key>& block : blocks) {
    const std::vector<std::int32_t> number = matched(all, block);
    for (std::size_t v = 0; v < values.size(); ++v)
      merge_values(all.values[v], block.values[v], number, all.rows.size());
    block = {};  // its memory is not needed any more
  }
  return all;
}

template <class Key>
std::vector<std::size_t> order_of(const group_table<Key>& all, group_order order) {
  std::vector<std::size_t> groups(all.rows.size());
  std::iota(groups.begin(), groups.end(), std::size_t{0});
  if (order == group_order::sorted)
    std::sort(groups.begin(), groups.end(), [&all](std::size_t a, std::size_t b) {
      if (!all.has_key(a) || !all.has_key(b)) return all.has_key(a) && !all.has_key(b);
      return all.key(a) < all.key(b);
    });
  return groups;
}

int64_column keys_of(const group_table<std::int64_t>& all, const std::vector<std::size_t>& order) {
  int64_column keys(static_cast<index_t>(order.size()));
  for (std::size_t g = 0; g < order.size(); ++g)
    if (all.has_key(order[g])) keys.set(static_cast<index_t>(g), all.key(order[g]));
  return keys;
}

string_column keys_of(const group_table<std::string_view>& all, const std::vector<std::size_t>& order) {
  string_column keys;
  for (const std::size_t g : order) all.has_key(g) ? keys.push_back(all.key(g)) : keys.push_back_missing();
  return keys;
}

template <class T>
aggregates<T> finished(const std::vector<accumulator<T>>& groups, const std::vector<std::size_t>& order) {
  const auto size = static_cast<index_t>(order.size());
  aggregates<T> result{{}, {}, {}, double_column(size), numeric_column<T>(size), numeric_column<T>(size)};
  for (index_t g = 0; g < size; ++g) {
    const accumulator<T>& of = groups[order[static_cast<std::size_t>(g)]];
    result.count.push_back(of.count);
    result.missing.push_back(of.missing);
    result.sum.push_back(of.sum);
    if (of.count == 0) continue;
    result.mean.set(g, static_cast<double>(of.sum) / static_cast<double>(of.count));
    result.min.set(g, of.min);
    result.max.set(g, of.max);
  }
  return result;
}

template <class Key>
grouped in_order(const group_table<Key>& all, const std::vector<value_input>& values, group_order order) {
  const std::vector<std::size_t> groups = order_of(all, order);
  std::vector<index_t> rows;
  for (const std::size_t g : groups) rows.push_back(all.rows[g]);
  std::vector<std::string> names;
  std::vector<grouped::value_aggregates> results;
  for (std::size_t v = 0; v < values.size(); ++v) {
    names.push_back(values[v].name());
    const auto finish = [&](const auto& each) -> grouped::value_aggregates { return finished(each, groups); };
    results.push_back(std::visit(finish, all.values[v]));
  }
  return {keys_of(all, groups), std::move(rows), std::move(names), std::move(results)};
}

void check(const std::vector<value_input>& values, index_t rows) {
  for (auto value = values.begin(); value != values.end(); ++value) {
    if (value->rows().value_or(rows) != rows)
      throw invalid_argument("rows of value " + value->name(), std::to_string(*value->rows()),
                             std::to_string(rows) + ", as many as there are keys");
    const auto same = [&](const value_input& other) { return other.name() == value->name(); };
    if (std::any_of(values.begin(), value, same))
      throw invalid_argument("value", value->name(), "a name that no other value has");
  }
}

template <class Column>
grouped group(const Column& keys, const std::vector<value_input>& values, group_order order,
              const loop_options& options) {
  const index_t rows = keys.rows();
  check(values, rows);
  const index_t size = rows_per_block(rows);
  std::vector<table_for<Column>> blocks(static_cast<std::size_t>(rows / size + (rows % size != 0)));
  const auto fill = [&](std::size_t b) {
    const index_t first = static_cast<index_t>(b) * size;
    blocks[b] = group_block(keys, values, first, std::min(first + size, rows));
  };
  check_finished(parallel_for(blocks.size(), fill, options));
  return in_order(merged(blocks, values), values, order);
}

template <class Wanted, class Variant>
const Wanted& typed(const Variant& any, std::string_view what, std::string_view name, std::string_view type) {
  const Wanted* found = std::get_if<Wanted>(&any);
  if (!found) throw invalid_argument(what, name, "of type " + std::string(type));
  return *found;
}

}  // namespace

grouped::grouped(key_column keys, std::vector<index_t> rows, std::vector<std::string> names,
                 std::vector<value_aggregates> values)
    : keys_(std::move(keys)), rows_(std::move(rows)), names_(std::move(names)), values_(std::move(values)) {}

const int64_column& grouped::int64_keys() const {
  return typed<int64_column>(keys_, "type of the keys", "string", "int64");
}

const string_column& grouped::string_keys() const {
  return typed<string_column>(keys_, "type of the keys", "int64", "string");
}

const grouped::value_aggregates& grouped::value(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) throw invalid_argument("value", name, "the name of a value that was aggregated");
  return values_[static_cast<std::size_t>(found - names_.begin())];
}

const aggregates<std::int64_t>& grouped::int64(std::string_view name) const {
  return typed<aggregates<std::int64_t>>(value(name), "value", name, "int64");
}

const aggregates<double>& grouped::float64(std::string_view name) const {
  return typed<aggregates<double>>(value(name), "value", name, "double");
}

grouped group_by(const int64_column& keys, const std::vector<value_input>& values, group_order order,
                 const loop_options& options) {
  return group(keys, values, order, options);
}

grouped group_by(const string_column& keys, const std::vector<value_input>& values, group_order order,
                 const loop_options& options) {
  return group(keys, values, order, options);
}

}  // namespace polyloop::aggregation
