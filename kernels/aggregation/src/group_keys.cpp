#include "group_keys.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "by_type.hpp"
#include "column_loops.hpp"
#include "polyloop/parallel_reduce.hpp"

namespace polyloop::aggregation {

namespace {

constexpr std::uint64_t most_cells = std::uint64_t{1} << 62;

template <class T>
struct range_of {
  T least = std::numeric_limits<T>::max();
  T most = std::numeric_limits<T>::lowest();
};

template <class T>
struct wider_range {
  using value_type = range_of<T>;
  value_type identity() const { return {}; }
  value_type operator()(const value_type& a, const value_type& b) const {
    return {std::min(a.least, b.least), std::max(a.most, b.most)};
  }
};

template <class T>
range_of<T> range_in(const typed_column& column, index_t first, index_t last) {
  const T* const values = column.numbers<T>().data();
  if (!column.may_be_missing()) {
    const number_range found = best_column_loops()
                                   .of(column.stored_type())
                                   .range(values + first, static_cast<std::size_t>(last - first));
    return {static_cast<T>(found.least), static_cast<T>(found.most)};
  }
  using limits = std::numeric_limits<T>;
  number_range found{static_cast<std::uint64_t>(limits::max()), static_cast<std::uint64_t>(limits::lowest())};
  bool any = false;
  std::array<std::uint8_t, morsel_rows> valid;
  for (index_t from = first; from < last; from += morsel_rows) {
    const auto n = static_cast<std::size_t>(std::min<index_t>(morsel_rows, last - from));
    load_validity(column, from, n, valid.data());
    best_column_loops().of(column.stored_type()).range_where(values + from, valid.data(), n, found, any);
  }
  return any ? range_of<T>{static_cast<T>(found.least), static_cast<T>(found.most)} : range_of<T>{};
}

template <class T>
range_of<T> range_of_column(const typed_column& column, const loop_options& options) {
  return parallel_reduce_blocks(
      column.rows(), wider_range<T>{},
      [&column](index_t first, index_t last) { return range_in<T>(column, first, last); }, options);
}

std::uint64_t canonical_bits(double value) {
  if (std::isnan(value)) return std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN());
  return std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);
}

const typed_column* validity_of(const typed_column& column) {
  return column.may_be_missing() ? &column : nullptr;
}

/// Numbers the values of a column that has no range of use: fractions, integers far apart, strings.
numbering number_column(const typed_column& column, const grouping& how) {
  if (column.type() == value_type::string && !column.dictionary()) return number_strings(column, how);
  return by_type(column.stored_type(), [&]<class T>(T) {
    const T* const values = column.numbers<T>().data();
    const auto load = [values](index_t first, std::size_t n, std::uint64_t* keys) {
      for (std::size_t i = 0; i < n; ++i) {
        const T value = values[first + static_cast<index_t>(i)];
        if constexpr (std::floating_point<T>)
          keys[i] = canonical_bits(static_cast<double>(value));
        else
          keys[i] = static_cast<std::uint64_t>(value);
      }
      return true;
    };
    return *number_rows<std::uint64_t>(column.rows(), load, validity_of(column), how);
  });
}

template <class Number>
void place(value_type type, const void* values, std::size_t n, std::uint64_t least, Number factor,
           bool assign, Number* keys) {
  const integer_loops& loops = best_column_loops().of(type);
  if constexpr (sizeof(Number) == sizeof(std::uint32_t))
    loops.place_32(values, n, least, factor, assign, keys);
  else
    loops.place_64(values, n, least, factor, assign, keys);
}

template <class Number>
void place_where(const Number* digits, const std::uint8_t* valid, std::size_t n, std::uint64_t missing,
                 Number factor, bool assign, Number* keys) {
  if constexpr (sizeof(Number) == sizeof(std::uint32_t))
    best_column_loops().place_where_32(digits, valid, n, missing, factor, assign, keys);
  else
    best_column_loops().place_where_64(digits, valid, n, missing, factor, assign, keys);
}

/// Where the digits of rows lie, and as what.
struct digit_values {
  const void* at;
  value_type type;
};

digit_values values_of(const key_digit& digit, index_t first, std::size_t n, std::uint8_t* bits) {
  if (digit.numbers) return {digit.numbers->of_row.from(first), digit.numbers->of_row.type()};
  const typed_column& column = *digit.column;
  if (column.stored_type() == value_type::boolean) {
    for (std::size_t i = 0; i < n; ++i)
      bits[i] = static_cast<std::uint8_t>(column.integer(first + static_cast<index_t>(i)));
    return {bits, value_type::uint8};
  }
  return by_type(column.stored_type(), [&]<class T>(T) -> digit_values {
    return {column.numbers<T>().data() + first, column.stored_type()};
  });
}

/// keys[i] (+)= digit * factor; the first digit assigns.
template <class Number>
void add_digits(const key_digit& digit, index_t first, std::size_t n, Number factor, bool assign,
                Number* keys) {
  std::array<std::uint8_t, morsel_rows> bits;
  const digit_values values = values_of(digit, first, n, bits.data());
  if (!digit.missing) return place(values.type, values.at, n, digit.least, factor, assign, keys);
  std::array<std::uint8_t, morsel_rows> valid;
  std::array<Number, morsel_rows> digits;
  load_validity(*digit.column, first, n, valid.data());
  place(values.type, values.at, n, digit.least, Number{1}, true, digits.data());
  place_where(digits.data(), valid.data(), n, digit.missing_digit, factor, assign, keys);
}

}  // namespace

row_stream stream_of(const typed_column& of) {
  if (of.stored_type() == value_type::boolean || of.stored_type() == value_type::string) return {};
  return by_type(of.stored_type(), [&]<class T>(T) {
    return row_stream{reinterpret_cast<const char*>(of.numbers<T>().data()), sizeof(T)};
  });
}

integer_span span_of(const typed_column& of, const loop_options& options) {
  return by_type(of.stored_type(), [&]<class T>(T) -> integer_span {
    if constexpr (std::floating_point<T>) return {0, most_cells};
    const range_of<T> range = range_of_column<T>(of, options);
    if (range.most < range.least) return {0, 0};
    const auto least = static_cast<std::uint64_t>(range.least);
    const std::uint64_t wide = static_cast<std::uint64_t>(range.most) - least;
    return {least, wide < most_cells - 2 ? wide + 1 : most_cells};
  });
}

namespace {

/// The rows of a column of strings; Offset: int32 or int64.
template <class Offset>
class text_rows {
 public:
  explicit text_rows(const typed_column& strings)
      : strings_(strings),
        offsets_(static_cast<const Offset*>(strings.layout().offsets) + strings.layout().first),
        characters_(static_cast<const char*>(strings.layout().values)) {}

  /// In keys as short as most strings are, or in longer ones if one of them does not fit.
  numbering numbered(const grouping& how) const {
    std::optional<numbering> made;
    const std::size_t usual = longest_of_some();
    if (usual <= text_word::most_characters) made = numbered_in<text_word, std::uint64_t>(how);
    if (!made && usual <= short_text::most_characters) made = numbered_in<short_text, short_text>(how);
    if (made) return *std::move(made);
    const auto load = [this](index_t first, std::size_t n, text_key* keys) {
      const Offset* const from = offsets_ + first;
      for (std::size_t i = 0; i < n; ++i) keys[i] = text_key(characters_ + from[i], size(from + i));
      return true;
    };
    return *number_rows<text_key>(strings_.rows(), load, validity_of(strings_), how);
  }

 private:
  static std::size_t size(const Offset* at) { return static_cast<std::size_t>(at[1] - at[0]); }

  std::size_t longest_of_some() const {
    const index_t step = std::max<index_t>(strings_.rows() / 1024, 1);
    std::size_t longest = 0;
    for (index_t row = 0; row < strings_.rows(); row += step)
      longest = std::max(longest, size(offsets_ + row));
    return longest;
  }

  /// Nothing if a string does not fit into a key.
  template <class Text, class Key>
  std::optional<numbering> numbered_in(const grouping& how) const {
    const char* const characters = characters_;
    const Offset* const offsets = offsets_;
    const char* const end = characters + offsets[strings_.rows()];
    const auto load = [=](index_t first, std::size_t n, Key* keys) {
      const Offset* const from = offsets + first;
      const bool padded = end - (characters + from[n]) >= static_cast<std::ptrdiff_t>(sizeof(Key));
      std::size_t longest = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const char* const text = characters + from[i];
        longest = std::max(longest, size(from + i));
        keys[i] = padded ? Text::of_padded(text, size(from + i)) : Text::of(text, size(from + i));
      }
      return longest <= Text::most_characters;
    };
    return number_rows<Key>(strings_.rows(), load, validity_of(strings_), how);
  }

  const typed_column& strings_;
  const Offset* const offsets_;
  const char* const characters_;
};

}  // namespace

numbering number_strings(const typed_column& strings, const grouping& how) {
  if (strings.rows() == 0) return {};
  if (strings.layout().wide_offsets) return text_rows<std::int64_t>(strings).numbered(how);
  return text_rows<std::int32_t>(strings).numbered(how);
}

group_keys::group_keys(const typed_table& from, const std::vector<std::string>& names, const grouping& how) {
  for (const std::string& name : names) look_at(from[name], name, how);
  put_together(from.rows(), how);
  count_cells();
}

void group_keys::look_at(const typed_column& from, const std::string& name, const grouping& how) {
  key_digit digit{.column = &from, .missing = from.may_be_missing(), .text = name};
  const std::uint64_t extra = digit.missing ? 1 : 0;
  const value_type stored = from.stored_type();
  std::uint64_t span = most_cells;
  if (from.dictionary()) {
    span = static_cast<std::uint64_t>(from.dictionary()->rows());
  } else if (stored == value_type::boolean) {
    span = 2;
  } else if (stored != value_type::string) {
    const integer_span found = span_of(from, how.loops);
    digit.least = found.least;
    span = found.size;
  }
  if (span >= most_cells) {
    digit.numbers = std::make_shared<const numbering>(number_column(from, how));
    digit.least = 0;
    numbered_.emplace_back(&from, digit.numbers);
    span = digit.numbers->first_row.size();
  }
  digit.size = std::max<std::uint64_t>(span + extra, 1);
  digit.missing_digit = digit.size - 1;
  digit.text += ": " + std::to_string(span) + (digit.numbers ? " numbered" : " possible") +
                (extra ? " or missing" : "");
  digits_.push_back(std::move(digit));
}

const numbering* group_keys::numbers_of(const typed_column& of) const {
  for (const auto& [column_of, numbers] : numbered_)
    if (column_of == &of) return numbers.get();
  return nullptr;
}

std::span<const index_t> group_keys::first_rows() const {
  if (digits_.size() != 1 || digits_.front().missing) return {};
  const key_digit& digit = digits_.front();
  const std::span<const index_t> known =
      digit.numbers ? std::span<const index_t>(digit.numbers->first_row) : digit.column->first_rows();
  const bool all = known.size() == cells_ && std::is_sorted(known.begin(), known.end());
  return all ? known : std::span<const index_t>();
}

bool group_keys::fits() const {
  std::uint64_t product = 1;
  for (const key_digit& digit : digits_) {
    if (product > most_cells / digit.size) return false;
    product *= digit.size;
  }
  return true;
}

void group_keys::count_cells() {
  cells_ = 1;
  for (const key_digit& digit : digits_) cells_ *= digit.size;
}

void group_keys::round_up() {
  int bits = 0;
  for (const key_digit& digit : digits_) bits += static_cast<int>(std::bit_width(digit.size - 1));
  if (bits > 62) return;
  for (key_digit& digit : digits_) digit.size = std::bit_ceil(digit.size);
  count_cells();
}

void group_keys::put_together(index_t rows, const grouping& how) {
  while (!fits()) {
    // A range of 2^32 or more is numbered by itself; two of fewer fit, and become one.
    const auto wide = std::find_if(digits_.begin(), digits_.end(), [](const key_digit& digit) {
      return digit.size > std::uint64_t{1} << 31;
    });
    const auto begin = wide == digits_.end() ? digits_.begin() : wide;
    const auto end = begin + (wide == digits_.end() ? 2 : 1);
    group_keys part = *this;
    part.digits_.assign(begin, end);
    part.number_all(rows, how);
    const auto at = digits_.erase(begin, end);
    digits_.insert(at, std::move(part.digits_.front()));
  }
}

void group_keys::number_all(index_t rows, const grouping& how) {
  key_digit all;
  const auto load = [this](index_t first, std::size_t n, std::uint64_t* keys) {
    pack<std::uint64_t>(first, n, 1, keys);
    return true;
  };
  all.numbers = std::make_shared<const numbering>(*number_rows<std::uint64_t>(rows, load, nullptr, how));
  all.size = std::max<std::uint64_t>(all.numbers->first_row.size(), 1);
  for (const key_digit& digit : digits_) all.text += (all.text.empty() ? "" : ", ") + digit.text;
  all.text += "; together numbered: " + std::to_string(all.size);
  digits_.clear();
  digits_.push_back(std::move(all));
  count_cells();
}

void group_keys::add_streams(std::vector<row_stream>& to) const {
  for (const key_digit& digit : digits_)
    to.push_back(digit.numbers ? digit.numbers->of_row.stream() : stream_of(*digit.column));
}

template <class Number>
void group_keys::pack(index_t first, std::size_t n, Number scale, Number* keys) const {
  if (digits_.empty()) std::fill_n(keys, n, Number{0});
  Number factor = scale;
  bool assign = true;
  for (auto digit = digits_.rbegin(); digit != digits_.rend(); ++digit) {
    add_digits(*digit, first, n, factor, assign, keys);
    factor = static_cast<Number>(factor * static_cast<Number>(digit->size));
    assign = false;
  }
}
template void group_keys::pack(index_t, std::size_t, std::uint32_t, std::uint32_t*) const;
template void group_keys::pack(index_t, std::size_t, std::uint64_t, std::uint64_t*) const;

std::string group_keys::text() const {
  std::string text;
  for (const key_digit& digit : digits_) text += "  " + digit.text + '\n';
  return text;
}

}  // namespace polyloop::aggregation
