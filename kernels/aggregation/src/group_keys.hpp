#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "numbering.hpp"
#include "polyloop/aggregation/typed_column.hpp"

namespace polyloop::aggregation {

/// One digit of a row's key: of a column, or of several together once they have been numbered.
struct key_digit {
  const typed_column* column = nullptr;  ///< whose values are the digits, unless `numbers` has them
  std::uint64_t least = 0;               ///< digit 0, modulo 2^64
  std::uint64_t size = 1;                ///< digits are below it
  bool missing = false;                  ///< some may be missing
  std::uint64_t missing_digit = 0;       ///< their digit
  std::shared_ptr<const numbering> numbers = {};
  std::string text;  ///< what it is, for the explanation
};

/// The keys of a table as numbers in a mixed radix.
class group_keys {
 public:
  /// Looks at the columns' ranges, numbers what has none, and puts digits together until a key fits into 64
  /// bits.
  group_keys(const typed_table& from, const std::vector<std::string>& names, const grouping& how);

  /// Different keys that there might be.
  std::uint64_t cells() const noexcept { return cells_; }
  std::string text() const;
  /// The keys of rows first .. first + n - 1, n <= morsel_rows, each times `scale`.
  template <class Number>
  void pack(index_t first, std::size_t n, Number scale, Number* keys) const;
  /// Makes every digit's size a power of two, where the key still fits: it is put together by shifts.
  void round_up();
  /// Adds the memory that pack() reads, from row 0 on.
  void add_streams(std::vector<row_stream>& to) const;
  /// Gives each key that occurs a number: afterwards cells() is how many there are.
  void number_all(index_t rows, const grouping& how);
  /// The first row of each key, ascending, where that is known and every key occurs; else empty.
  std::span<const index_t> first_rows() const;
  /// The numbers of a column that was numbered by itself; null of others.
  const numbering* numbers_of(const typed_column& of) const;

 private:
  void look_at(const typed_column& from, const std::string& name, const grouping& how);
  void put_together(index_t rows, const grouping& how);
  bool fits() const;
  void count_cells();

  std::vector<key_digit> digits_;
  std::vector<std::pair<const typed_column*, std::shared_ptr<const numbering>>> numbered_;
  std::uint64_t cells_ = 1;
};

/// A column's numbers or codes; no bytes of what has none.
row_stream stream_of(const typed_column& of);

/// The integers from least on, modulo 2^64, among which are all of a column.
struct integer_span {
  std::uint64_t least;
  std::uint64_t size;  ///< 2^62 for fractions, and for more
};
integer_span span_of(const typed_column& of, const loop_options& options);

/// Numbers the strings of a column that is not coded.
numbering number_strings(const typed_column& strings, const grouping& how);

}  // namespace polyloop::aggregation
