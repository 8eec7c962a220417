#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "polyloop/error.hpp"
#include "polyloop/index.hpp"

namespace polyloop::aggregation {

/// One number per row, or none where it is missing.
template <class T>
class numeric_column {
 public:
  using value_type = T;

  numeric_column() = default;
  /// All rows missing.
  explicit numeric_column(index_t rows)
      : values_(static_cast<std::size_t>(rows)), valid_(static_cast<std::size_t>(rows)) {}
  /// No row missing.
  explicit numeric_column(std::vector<T> values) : values_(std::move(values)), valid_(values_.size(), 1) {}

  index_t rows() const noexcept { return static_cast<index_t>(values_.size()); }
  bool valid(index_t row) const { return valid_[static_cast<std::size_t>(row)] != 0; }
  /// The value; 0 where it is missing.
  T operator[](index_t row) const { return values_[static_cast<std::size_t>(row)]; }
  /// Gives a row its value. Different rows may be set by different threads at once.
  void set(index_t row, T value) {
    values_[static_cast<std::size_t>(row)] = value;
    valid_[static_cast<std::size_t>(row)] = 1;
  }
  const std::vector<T>& values() const noexcept { return values_; }

 private:
  std::vector<T> values_;
  std::vector<std::uint8_t> valid_;  // bytes: neighbours are written by different workers
};

using int64_column = numeric_column<std::int64_t>;
using double_column = numeric_column<double>;

/// One string per row, or none where it is missing. The characters of all rows
/// lie next to each other.
class string_column {
 public:
  using value_type = std::string_view;

  string_column() = default;
  /// Row r is characters [ends[r - 1], ends[r]), from 0 for the first. Throws
  /// invalid_argument unless there is a validity for every row and the last end is the last character's.
  string_column(std::string characters, std::vector<index_t> ends, std::vector<std::uint8_t> valid);

  index_t rows() const noexcept { return static_cast<index_t>(ends_.size()); }
  bool valid(index_t row) const { return valid_[static_cast<std::size_t>(row)] != 0; }
  /// The string; empty where it is missing. Lives as long as the column.
  std::string_view operator[](index_t row) const {
    const index_t begin = row == 0 ? 0 : ends_[static_cast<std::size_t>(row - 1)];
    const index_t end = ends_[static_cast<std::size_t>(row)];
    return {characters_.data() + begin, static_cast<std::size_t>(end - begin)};
  }
  /// Adds a row at the end.
  void push_back(std::string_view text);
  /// Adds a missing one.
  void push_back_missing();

 private:
  std::string characters_;
  std::vector<index_t> ends_;
  std::vector<std::uint8_t> valid_;
};

enum class column_type : unsigned char { int64, float64, string };

/// A column of any type; its alternatives in the order of column_type.
using column = std::variant<int64_column, double_column, string_column>;

/// Named columns of the same number of rows.
class table {
 public:
  table() = default;
  explicit table(index_t rows) : rows_(rows) {}

  index_t rows() const noexcept { return rows_; }
  const std::vector<std::string>& names() const noexcept { return names_; }
  /// Adds a column. Throws invalid_argument if its name is taken or its number of rows another.
  void add(std::string name, column values);
  /// Throw invalid_argument if there is no such column, or its type is another.
  const int64_column& int64(std::string_view name) const;
  const double_column& float64(std::string_view name) const;
  const string_column& string(std::string_view name) const;
  const column& operator[](std::string_view name) const;

 private:
  index_t rows_ = 0;
  std::vector<std::string> names_;
  std::vector<column> columns_;
};

}  // namespace polyloop::aggregation
