#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "polyloop/aggregation/table.hpp"
#include "polyloop/loop_options.hpp"

namespace polyloop::aggregation {

/// What the values of a typed_column are. `timestamp`: int64 ticks since 1970-01-01 00:00, of which time_unit
/// tells the length.
enum class value_type : unsigned char {
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  boolean,
  timestamp,
  string
};

std::string_view name_of(value_type type) noexcept;

enum class time_unit : unsigned char { second, millisecond, microsecond, nanosecond };

/// Where a column's memory is: the layout of Apache Arrow
/// (https://arrow.apache.org/docs/format/Columnar.html). Bits are counted from the lowest of each byte.
struct column_layout {
  value_type type = value_type::int64;
  index_t rows = 0;
  /// Row r is element first + r of everything.
  index_t first = 0;
  /// Numbers; bits of booleans; codes of a dictionary; characters of strings.
  const void* values = nullptr;
  /// Of strings: element r ends where r + 1 begins. int32, or int64 if wide_offsets.
  const void* offsets = nullptr;
  bool wide_offsets = false;
  /// A bit for each element, 1 where there is a value; null: none is missing.
  const std::uint8_t* validity = nullptr;
  time_unit unit = time_unit::microsecond;
  std::string time_zone = {};
};

namespace detail {

template <class T>
constexpr value_type value_type_of() {
  static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
  if constexpr (std::floating_point<T>) return sizeof(T) == 4 ? value_type::float32 : value_type::float64;
  constexpr int log_size = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
  return static_cast<value_type>(log_size + (std::signed_integral<T> ? 0 : 4));
}

inline bool bit_at(const std::uint8_t* bits, index_t at) {
  return (bits[at >> 3] >> (at & 7) & 1) != 0;
}

}  // namespace detail

/// A column of one type, over memory of its own or of somebody else. Cheap to copy: copies share the memory,
/// which nobody may change while one of them is read.
///
///     typed_column::of(std::vector<std::int32_t>{1, 2, 3})  // has moved the vector in
///     typed_column::of(huge_vector<double>(rows, 0.5))      // the same, in huge pages
///     typed_column::over(std::span(prices))                 // refers to it: it must outlive the column
///     typed_column::strings({"tea", "milk", "tea"})
///     typed_column::coded(codes, typed_column::strings({"tea", "milk"}))
///
/// What it copies lies in huge pages (see huge_vector).
class typed_column {
 public:
  /// No rows.
  typed_column() = default;
  /// Any layout; `owner` keeps the memory for as long as copies of the column live.
  /// `dictionary`: the strings that the codes of `layout.values`, of the integer type `code_type`, number.
  /// Throws invalid_argument for a negative number of rows, and for codes that are not integers.
  explicit typed_column(column_layout layout, std::shared_ptr<const void> owner = {});
  typed_column(column_layout layout, value_type code_type, std::shared_ptr<const typed_column> dictionary,
               std::shared_ptr<const void> owner = {});

  /// Numbers. `valid`: a byte for each row, 0 where it is missing; empty: none is. Throws invalid_argument if
  /// there are others than one for each row.
  template <class T, class Allocator>
  static typed_column of(std::vector<T, Allocator> values, std::span<const std::uint8_t> valid = {}) {
    auto kept = std::make_shared<const std::vector<T, Allocator>>(std::move(values));
    return typed_column(numbers(kept->data(), static_cast<index_t>(kept->size())), kept).with_validity(valid);
  }
  template <class T>
  static typed_column over(std::span<const T> values, const std::uint8_t* validity_bits = nullptr) {
    column_layout layout = numbers(values.data(), static_cast<index_t>(values.size()));
    layout.validity = validity_bits;
    return typed_column(std::move(layout));
  }
  static typed_column booleans(const std::vector<bool>& values, std::span<const std::uint8_t> valid = {});
  static typed_column timestamps(std::vector<std::int64_t> ticks, time_unit unit,
                                 std::span<const std::uint8_t> valid = {});
  static typed_column strings(const std::vector<std::string_view>& values,
                              std::span<const std::uint8_t> valid = {});
  /// Codes of an integer type, each below the dictionary's number of rows where it is not missing.
  /// Throws invalid_argument if one is not, or the dictionary has missing values. Strings that it has twice
  /// are different keys.
  template <std::integral T, class Allocator>
  static typed_column coded(std::vector<T, Allocator> codes, const typed_column& dictionary,
                            std::span<const std::uint8_t> valid = {}) {
    auto kept = std::make_shared<const std::vector<T, Allocator>>(std::move(codes));
    column_layout layout = numbers(kept->data(), static_cast<index_t>(kept->size()));
    const value_type code_type = std::exchange(layout.type, value_type::string);
    typed_column made(std::move(layout), code_type, std::make_shared<const typed_column>(dictionary), kept);
    made = made.with_validity(valid);
    made.check_codes();
    return made;
  }
  /// The columns of a CSV file; copies them.
  static typed_column from(const column& values);

  /// The same values; missing where `valid` has a 0, as in of().
  typed_column with_validity(std::span<const std::uint8_t> valid) const;
  /// Rows first, first + 1, ...; no copy. Throws invalid_argument unless they are all there.
  typed_column slice(index_t first, index_t rows) const;

  value_type type() const noexcept { return layout_.type; }
  index_t rows() const noexcept { return layout_.rows; }
  const column_layout& layout() const noexcept { return layout_; }
  const std::shared_ptr<const void>& owner() const noexcept { return owner_; }
  /// The strings of a dictionary-coded column; null of others.
  const std::shared_ptr<const typed_column>& dictionary() const noexcept { return dictionary_; }
  /// Of a column that dictionary_coded() made: where each string of the dictionary comes first, ascending.
  /// Empty of others. Group-by need not look for these rows then.
  std::span<const index_t> first_rows() const noexcept {
    return first_rows_ ? std::span<const index_t>(*first_rows_) : std::span<const index_t>();
  }
  /// Type of what layout().values holds: that of the codes, if there is a dictionary.
  value_type stored_type() const noexcept { return dictionary_ ? code_type_ : layout_.type; }

  bool may_be_missing() const noexcept { return layout_.validity != nullptr; }
  bool valid(index_t row) const {
    return layout_.validity == nullptr || detail::bit_at(layout_.validity, layout_.first + row);
  }
  index_t missing() const;

  /// The numbers as they lie in memory. Throws invalid_argument if they are not of type T.
  template <class T>
  std::span<const T> numbers() const {
    if (stored_type() != detail::value_type_of<T>() &&
        !(stored_type() == value_type::timestamp && std::is_same_v<T, std::int64_t>))
      throw_type(name_of(detail::value_type_of<T>()));
    return {static_cast<const T*>(layout_.values) + layout_.first, static_cast<std::size_t>(rows())};
  }
  /// A row as int64, double or string, whatever the width; of missing ones there is nothing to be had. Throw
  /// invalid_argument for another kind of column. Integers above 2^63 wrap.
  std::int64_t integer(index_t row) const;
  double real(index_t row) const;
  std::string_view text(index_t row) const;

 private:
  template <class T>
  static column_layout numbers(const T* values, index_t rows) {
    return {.type = detail::value_type_of<T>(), .rows = rows, .values = values};
  }
  friend typed_column dictionary_coded(const typed_column& strings, const loop_options& options);
  [[noreturn]] void throw_type(std::string_view wanted) const;
  void check_codes() const;

  column_layout layout_;
  value_type code_type_ = value_type::int32;
  std::shared_ptr<const typed_column> dictionary_;
  std::shared_ptr<const std::vector<index_t>> first_rows_;
  std::shared_ptr<const void> owner_;
};

/// Named columns of the same number of rows.
class typed_table {
 public:
  typed_table() = default;
  /// The columns of a CSV file; copies them.
  explicit typed_table(table from);

  index_t rows() const noexcept { return rows_; }
  const std::vector<std::string>& names() const noexcept { return names_; }
  /// Adds a column; the first one says how many rows there are. Throws invalid_argument if its name is taken
  /// or its number of rows another.
  typed_table& add(std::string name, typed_column values);
  /// Throws invalid_argument, whose text lists the names, if there is no such column.
  const typed_column& operator[](std::string_view name) const;
  bool has(std::string_view name) const noexcept;

 private:
  index_t rows_ = 0;
  std::vector<std::string> names_;
  std::vector<typed_column> columns_;
};

/// The same strings, dictionary-coded: codes number the strings in the order of their first appearance, and
/// are of the type uint8, uint16 or uint32, as there are few or many. Others are
/// returned as they are. In parallel; throws stopped if `options` ended it early.
typed_column dictionary_coded(const typed_column& strings, const loop_options& options = {});

}  // namespace polyloop::aggregation
