#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "polyloop/aggregation/row_function.hpp"
#include "polyloop/aggregation/table.hpp"
#include "polyloop/loop_options.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::aggregation {

/// The aggregates of one value over the rows of one group, in the making.
template <class T>
struct accumulator {
  index_t count = 0;
  index_t missing = 0;
  T sum = 0;
  T min = std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity()
                                               : std::numeric_limits<T>::max();
  T max = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                               : std::numeric_limits<T>::lowest();

  void add(T value) {
    ++count;
    sum = plus(sum, value);
    min = value < min || value != value ? value : min;
    max = value > max || value != value ? value : max;
  }
  void add_missing() { ++missing; }
  void merge(const accumulator& later) {
    count += later.count;
    missing += later.missing;
    sum = plus(sum, later.sum);
    min = later.min < min || later.min != later.min ? later.min : min;
    max = later.max > max || later.max != later.max ? later.max : max;
  }

 private:
  /// Integers modulo 2^64, which signed arithmetic leaves undefined.
  static T plus(T a, T b) {
    if constexpr (std::integral<T>)
      return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
    else
      return a + b;
  }
};

namespace detail {

template <class T, class R>
void add_result(accumulator<T>& group, const R& value) {
  group.add(static_cast<T>(value));
}
template <class T, class R>
void add_result(accumulator<T>& group, const std::optional<R>& value) {
  value ? group.add(static_cast<T>(*value)) : group.add_missing();
}

/// Adds rows first, first + 1, ... to the groups of which they are.
template <class T>
using add_rows =
    std::function<void(index_t first, std::span<const std::int32_t> group_of_row, accumulator<T>* groups)>;

}  // namespace detail

/// A value to aggregate: a column, or a function of the row's index.
///
///     value_input("quantity", quantity)
///     value_input("revenue", [&](index_t row) { return double(quantity[row]) * price[row]; })
///
/// A function returns an integer (aggregated as int64) or a floating number
/// (as double), or an optional of one, empty where it is missing; it is called once for each row, from
/// several threads at once. Columns are referred to, not copied: they must outlive the input.
class value_input {
 public:
  template <class T>
  value_input(std::string name, const numeric_column<T>& values)
      : name_(std::move(name)), rows_(values.rows()) {
    rows_of_ =
        detail::add_rows<T>([&values](index_t row, std::span<const std::int32_t> group_of, auto* groups) {
          for (const std::int32_t g : group_of) {
            values.valid(row) ? groups[g].add(values[row]) : groups[g].add_missing();
            ++row;
          }
        });
  }
  template <class T>
  value_input(std::string name, const numeric_column<T>&& values) = delete;

  template <detail::row_function F>
  value_input(std::string name, F function) : name_(std::move(name)) {
    using T = detail::computed_type<F>;
    rows_of_ = detail::add_rows<T>(
        [function = std::move(function)](index_t row, std::span<const std::int32_t> group_of, auto* groups) {
          for (const std::int32_t g : group_of) detail::add_result(groups[g], function(row++));
        });
  }

  const std::string& name() const noexcept { return name_; }
  /// Number of rows; none for a function, which has as many as the keys.
  std::optional<index_t> rows() const noexcept { return rows_; }
  const auto& add_rows() const noexcept { return rows_of_; }

 private:
  std::string name_;
  std::optional<index_t> rows_;
  std::variant<detail::add_rows<std::int64_t>, detail::add_rows<double>> rows_of_;
};

/// The aggregates of one value, an element for each group.
template <class T>
struct aggregates {
  std::vector<index_t> count;    ///< values that are not missing
  std::vector<index_t> missing;  ///< values that are
  std::vector<T> sum;            ///< 0 of none; of int64 modulo 2^64
  double_column mean;            ///< sum / count; missing of none
  numeric_column<T> min;         ///< missing of none
  numeric_column<T> max;         ///< missing of none
};

/// In which order the groups come. A missing key is the last one when sorted;
/// strings are sorted by their bytes.
enum class group_order : unsigned char { first_appearance, sorted };

/// The result of group_by: an element for each group in everything.
class grouped {
 public:
  using key_column = std::variant<int64_column, string_column>;
  using value_aggregates = std::variant<aggregates<std::int64_t>, aggregates<double>>;

  grouped(key_column keys, std::vector<index_t> rows, std::vector<std::string> names,
          std::vector<value_aggregates> values);

  index_t groups() const noexcept { return static_cast<index_t>(rows_.size()); }
  /// The number of rows of each group.
  const std::vector<index_t>& rows() const noexcept { return rows_; }
  /// The keys. Throw invalid_argument if they are of the other type.
  const int64_column& int64_keys() const;
  const string_column& string_keys() const;
  /// The aggregates of a value. Throw invalid_argument if there is no value of
  /// that name, or it is of the other type.
  const aggregates<std::int64_t>& int64(std::string_view name) const;
  const aggregates<double>& float64(std::string_view name) const;

 private:
  const value_aggregates& value(std::string_view name) const;

  key_column keys_;
  std::vector<index_t> rows_;
  std::vector<std::string> names_;
  std::vector<value_aggregates> values_;
};

/// Groups rows by their key and aggregates values over each group.
///
/// Rows whose key is missing form a group of their own. Missing values are
/// skipped, and counted as missing. A NaN is a value: sum, mean, min and max of its group are NaN.
///
/// Rows are cut into blocks by a rule of their number alone; each block has its
/// own hash table, and the blocks are merged in their order: same bits on every
/// backend, with any schedule and any number of workers. O(rows) work, and
/// O(blocks x groups of a block) for the merge, which is serial; at most 256 blocks. Thread-safe.
///
/// Throws invalid_argument if a value's number of rows is not that of the keys or two values have
/// the same name, what a function throws (for the lowest block), and stopped if `options` ended it early.
grouped group_by(const int64_column& keys, const std::vector<value_input>& values = {},
                 group_order order = group_order::first_appearance, const loop_options& options = {});
grouped group_by(const string_column& keys, const std::vector<value_input>& values = {},
                 group_order order = group_order::first_appearance, const loop_options& options = {});

/// A new column of so many rows: function(row) for each, in parallel. The
/// function returns an integer (for an int64_column) or a floating number (for a double_column), or an
/// optional of one, empty where it is missing. Errors as for parallel_for; throws stopped if `options` ended
/// it early.
template <detail::row_function F>
auto computed_column(index_t rows, const F& function, const loop_options& options = {}) {
  using T = detail::computed_type<F>;
  if (rows < 0) throw invalid_argument("rows", std::to_string(rows), "a number that is not negative");
  numeric_column<T> result(rows);
  const auto set = [&result, &function](index_t row) {
    const std::optional value = function(row);
    if (value) result.set(row, static_cast<T>(*value));
  };
  const loop_result loop = parallel_for(rows, set, options);
  if (!loop.finished()) throw stopped(loop.iterations);
  return result;
}

}  // namespace polyloop::aggregation
