#include "polyloop/aggregation/typed_column.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "by_type.hpp"
#include "polyloop/huge_vector.hpp"

namespace polyloop::aggregation {

std::string_view name_of(value_type type) noexcept {
  constexpr std::array<std::string_view, 13> names{"int8",    "int16",     "int32",  "int64",   "uint8",
                                                   "uint16",  "uint32",    "uint64", "float32", "float64",
                                                   "boolean", "timestamp", "string"};
  return names[static_cast<std::size_t>(type)];
}

namespace {

std::vector<std::uint8_t> bits_of(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> bits((bytes.size() + 7) / 8);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] != 0) bits[i >> 3] = static_cast<std::uint8_t>(bits[i >> 3] | 1U << (i & 7));
  return bits;
}

/// Keeps two things alive.
struct both {
  std::shared_ptr<const void> one;
  std::shared_ptr<const void> other;
  std::vector<std::uint8_t> bits;
};

template <class Offset>
struct own_strings {
  huge_vector<char> characters;
  huge_vector<Offset> offsets;
};

template <class Offset>
typed_column kept_strings(const std::vector<std::string_view>& values, std::size_t characters) {
  auto kept = std::make_shared<own_strings<Offset>>();
  kept->characters.reserve(characters);
  kept->offsets.reserve(values.size() + 1);
  kept->offsets.push_back(0);
  for (const std::string_view each : values) {
    kept->characters.insert(kept->characters.end(), each.begin(), each.end());
    kept->offsets.push_back(static_cast<Offset>(kept->characters.size()));
  }
  const column_layout layout{.type = value_type::string,
                             .rows = static_cast<index_t>(values.size()),
                             .values = kept->characters.data(),
                             .offsets = kept->offsets.data(),
                             .wide_offsets = sizeof(Offset) == sizeof(std::int64_t)};
  return typed_column(layout, kept);
}

bool is_integer(value_type type) {
  return type <= value_type::uint64;
}

}  // namespace

typed_column::typed_column(column_layout layout, std::shared_ptr<const void> owner)
    : layout_(std::move(layout)), owner_(std::move(owner)) {
  if (layout_.rows < 0)
    throw invalid_argument("rows", std::to_string(layout_.rows), "a number that is not negative");
}

typed_column::typed_column(column_layout layout, value_type code_type,
                           std::shared_ptr<const typed_column> dictionary, std::shared_ptr<const void> owner)
    : typed_column(std::move(layout), std::move(owner)) {
  if (!is_integer(code_type))
    throw invalid_argument("type of the codes", name_of(code_type), "an integer type");
  code_type_ = code_type;
  dictionary_ = std::move(dictionary);
}

typed_column typed_column::with_validity(std::span<const std::uint8_t> valid) const {
  if (valid.empty()) return *this;
  if (static_cast<index_t>(valid.size()) != rows())
    throw invalid_argument("number of validities", std::to_string(valid.size()), std::to_string(rows()));
  if (std::find(valid.begin(), valid.end(), 0) == valid.end()) return *this;
  const auto kept = std::make_shared<const both>(both{owner_, {}, bits_of(valid)});
  typed_column made = *this;
  if (layout_.first != 0) throw invalid_argument("first", std::to_string(layout_.first), "0");
  made.layout_.validity = kept->bits.data();
  made.first_rows_ = nullptr;
  made.owner_ = kept;
  return made;
}

typed_column typed_column::booleans(const std::vector<bool>& values, std::span<const std::uint8_t> valid) {
  const std::vector<std::uint8_t> bytes(values.begin(), values.end());
  const auto kept = std::make_shared<const std::vector<std::uint8_t>>(bits_of(bytes));
  const column_layout layout{
      .type = value_type::boolean, .rows = static_cast<index_t>(values.size()), .values = kept->data()};
  return typed_column(layout, kept).with_validity(valid);
}

typed_column typed_column::timestamps(std::vector<std::int64_t> ticks, time_unit unit,
                                      std::span<const std::uint8_t> valid) {
  typed_column made = of(std::move(ticks), valid);
  made.layout_.type = value_type::timestamp;
  made.layout_.unit = unit;
  return made;
}

typed_column typed_column::strings(const std::vector<std::string_view>& values,
                                   std::span<const std::uint8_t> valid) {
  std::size_t characters = 0;
  for (const std::string_view each : values) characters += each.size();
  const bool wide = characters > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
  return (wide ? kept_strings<std::int64_t> : kept_strings<std::int32_t>)(values, characters)
      .with_validity(valid);
}

namespace {

template <class T>
typed_column adopted(const numeric_column<T>& values) {
  std::vector<std::uint8_t> valid;
  for (index_t row = 0; row < values.rows(); ++row) valid.push_back(values.valid(row) ? 1 : 0);
  return typed_column::of(huge_vector<T>(values.values().begin(), values.values().end()), valid);
}

typed_column adopted(const string_column& values) {
  std::vector<std::string_view> all;
  std::vector<std::uint8_t> valid;
  for (index_t row = 0; row < values.rows(); ++row) {
    all.push_back(values[row]);
    valid.push_back(values.valid(row) ? 1 : 0);
  }
  return typed_column::strings(all, valid);
}

}  // namespace

typed_column typed_column::from(const column& values) {
  return std::visit([](const auto& each) { return adopted(each); }, values);
}

typed_column typed_column::slice(index_t first, index_t rows) const {
  if (first < 0 || rows < 0 || first > this->rows() - rows)
    throw invalid_argument("slice", std::to_string(first) + " + " + std::to_string(rows),
                           "rows of the " + std::to_string(this->rows()));
  typed_column part = *this;
  part.layout_.first += first;
  part.layout_.rows = rows;
  part.first_rows_ = nullptr;
  return part;
}

index_t typed_column::missing() const {
  if (!may_be_missing()) return 0;
  index_t count = 0;
  for (index_t row = 0; row < rows(); ++row) count += valid(row) ? 0 : 1;
  return count;
}

void typed_column::throw_type(std::string_view wanted) const {
  throw invalid_argument("type of the column", name_of(stored_type()), wanted);
}

std::int64_t typed_column::integer(index_t row) const {
  if (stored_type() == value_type::boolean)
    return detail::bit_at(static_cast<const std::uint8_t*>(layout_.values), layout_.first + row) ? 1 : 0;
  return by_type(stored_type(), [&]<class T>(T) -> std::int64_t {
    if constexpr (std::integral<T>)
      return static_cast<std::int64_t>(numbers<T>()[static_cast<std::size_t>(row)]);
    throw_type("an integer type");
  });
}

double typed_column::real(index_t row) const {
  if (stored_type() == value_type::float32) return numbers<float>()[static_cast<std::size_t>(row)];
  return numbers<double>()[static_cast<std::size_t>(row)];
}

std::string_view typed_column::text(index_t row) const {
  if (layout_.type != value_type::string) throw_type("string");
  if (dictionary_) return dictionary_->text(integer(row));
  const auto between = [&]<class T>(const T* offsets) -> std::string_view {
    const T* at = offsets + layout_.first + row;
    return {static_cast<const char*>(layout_.values) + at[0], static_cast<std::size_t>(at[1] - at[0])};
  };
  return layout_.wide_offsets ? between(static_cast<const std::int64_t*>(layout_.offsets))
                              : between(static_cast<const std::int32_t*>(layout_.offsets));
}

void typed_column::check_codes() const {
  if (dictionary_->missing() != 0)
    throw invalid_argument("missing strings of the dictionary", std::to_string(dictionary_->missing()),
                           "none");
  for (index_t row = 0; row < rows(); ++row)
    if (valid(row) && (integer(row) < 0 || integer(row) >= dictionary_->rows()))
      throw invalid_argument("code", std::to_string(integer(row)),
                             "one of the " + std::to_string(dictionary_->rows()) + " of the dictionary");
}

typed_table::typed_table(table from) {
  for (const std::string& name : from.names()) add(name, typed_column::from(from[name]));
}

typed_table& typed_table::add(std::string name, typed_column values) {
  if (!columns_.empty() && values.rows() != rows_)
    throw invalid_argument("rows of column " + name, std::to_string(values.rows()), std::to_string(rows_));
  if (has(name)) throw invalid_argument("column", name, "a name that the table does not have yet");
  rows_ = values.rows();
  names_.push_back(std::move(name));
  columns_.push_back(std::move(values));
  return *this;
}

bool typed_table::has(std::string_view name) const noexcept {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

const typed_column& typed_table::operator[](std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) return columns_[static_cast<std::size_t>(found - names_.begin())];
  std::string known = "one of:";
  for (const std::string& each : names_) known += " \"" + each + "\"";
  throw invalid_argument("column", name, known);
}

}  // namespace polyloop::aggregation
