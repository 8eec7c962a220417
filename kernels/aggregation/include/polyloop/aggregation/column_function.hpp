#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "polyloop/aggregation/row_function.hpp"
#include "polyloop/aggregation/typed_column.hpp"

namespace polyloop::aggregation {

namespace detail {

/// Throws invalid_argument unless the column is of that type, and whole unless it may have missing values.
void check_argument(const typed_table& table, const std::string& name, value_type wanted, bool optional);

template <class T>
constexpr value_type argument_type() {
  if constexpr (std::is_same_v<T, std::string_view>)
    return value_type::string;
  else if constexpr (std::is_same_v<T, bool>)
    return value_type::boolean;
  else
    return value_type_of<T>();
}

/// Reads a column's values as T: a type of numbers, bool, or string_view.
template <class T>
class column_reader {
 public:
  column_reader(const typed_table& table, const std::string& name, bool optional = false)
      : column_(&table[name]) {
    check_argument(table, name, argument_type<T>(), optional);
    if constexpr (is_number) values_ = column_->numbers<T>().data();
  }
  T operator()(index_t row) const {
    if constexpr (is_number)
      return values_[row];
    else if constexpr (std::is_same_v<T, bool>)
      return column_->integer(row) != 0;
    else
      return column_->text(row);
  }
  row_stream stream() const {
    return values_ ? row_stream{reinterpret_cast<const char*>(values_), sizeof(T)} : row_stream{};
  }

 protected:
  bool valid(index_t row) const { return column_->valid(row); }

 private:
  static constexpr bool is_number = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;
  const typed_column* column_;
  const T* values_ = nullptr;
};

/// The same, empty where there is no value.
template <class T>
class column_reader<std::optional<T>> : column_reader<T> {
 public:
  using column_reader<T>::stream;
  column_reader(const typed_table& table, const std::string& name) : column_reader<T>(table, name, true) {}
  std::optional<T> operator()(index_t row) const {
    if (!this->valid(row)) return std::nullopt;
    return column_reader<T>::operator()(row);
  }
};

template <class F>
struct arguments_of : arguments_of<decltype(&F::operator())> {};
template <class R, class F, class... T>
struct arguments_of<R (F::*)(T...) const> {
  using readers = std::tuple<column_reader<std::remove_cvref_t<T>>...>;
  static constexpr std::size_t count = sizeof...(T);
};

/// A function of a row; it tells the columns that it reads.
template <class F, class Readers>
class column_function {
 public:
  column_function(F function, Readers readers)
      : function_(std::move(function)), readers_(std::move(readers)) {}
  auto operator()(index_t row) const {
    return std::apply([&](const auto&... each) { return function_(each(row)...); }, readers_);
  }
  std::vector<row_stream> streams() const {
    return std::apply([](const auto&... each) { return std::vector<row_stream>{each.stream()...}; },
                      readers_);
  }

 private:
  F function_;
  Readers readers_;
};

template <class Readers, std::size_t... I>
Readers readers_of(const typed_table& table, const std::array<std::string, sizeof...(I)>& names,
                   std::index_sequence<I...> /*of columns*/) {
  return Readers{std::tuple_element_t<I, Readers>(table, names[I])...};
}

}  // namespace detail

/// A function of a row from one of its values, for inputs and filters: each argument is a column's value, in
/// the column's own type (the width of numbers counts), as bool or as string_view; as std::optional of these
/// where it may be missing. Faster than a function that reads the same by itself: what it reads is known, and
/// fetched from memory some rows ahead.
///
///     of_columns(shop, {"quantity", "price"}, [](std::int64_t quantity, double price) { return ... })
///     of_columns(shop, {"country"}, [](std::string_view country) { return country != "Malta"; })
///
/// Refers to the table, which must outlive it. Throws invalid_argument if there is no such column, its type
/// is another, or values may be missing of an argument that is no optional.
template <class F>
auto of_columns(const typed_table& table,
                const std::array<std::string, detail::arguments_of<F>::count>& names, F function) {
  using arguments = detail::arguments_of<F>;
  using readers = typename arguments::readers;
  return detail::column_function<F, readers>(
      std::move(function),
      detail::readers_of<readers>(table, names, std::make_index_sequence<arguments::count>()));
}

}  // namespace polyloop::aggregation
