#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "polyloop/aggregation/aggregation.hpp"

/// Tables to be grouped, made of a few bytes: their shape, then a seed.
namespace groups {

using namespace polyloop::aggregation;
using polyloop::index_t;

/// Bytes of the fuzzer, or of a test; 0 after the last.
class bytes {
 public:
  bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  unsigned next() { return at_ < size_ ? data_[at_++] : 0; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

struct shape {
  value_type type;
  unsigned different;
  unsigned missing;  // of 256
  bool skewed;
  bool coded;
};

inline shape next_shape(bytes& from) {
  constexpr unsigned counts[] = {1, 2, 7, 100, 3000, 1U << 30};
  const unsigned type = from.next() % 13;
  const unsigned missing = from.next();
  const unsigned how = from.next();
  return {static_cast<value_type>(type), counts[how % 6], missing % 3 == 0 ? missing : 0, (how & 64) != 0,
          (how & 128) != 0};
}

/// Which of the different values each row has.
inline std::vector<unsigned> numbers_of(const shape& of, index_t rows, std::mt19937_64& random) {
  std::vector<unsigned> numbers;
  for (index_t r = 0; r < rows; ++r) {
    const auto number = static_cast<unsigned>(random() % of.different);
    numbers.push_back(of.skewed && random() % 4 != 0 ? 0 : number);
  }
  return numbers;
}

/// A few awkward ones, else a number that says which it is.
template <class T>
T value_number(unsigned number) {
  using limits = std::numeric_limits<T>;
  if constexpr (std::is_floating_point_v<T>) {
    const T awkward[] = {limits::quiet_NaN(), T(-0.0), T(0.0), limits::infinity(), -limits::infinity(),
                         -limits::quiet_NaN()};
    return number % 16 == 5 ? awkward[number / 16 % 6] : static_cast<T>(number % 4096) / 8 - 100;
  } else {
    const T awkward[] = {limits::lowest(), limits::max(), T(0)};
    return number % 64 == 5 ? awkward[number / 64 % 3] : static_cast<T>(number - (number % 2 ? 3U : 0U));
  }
}

template <class T>
typed_column numbers_column(const std::vector<unsigned>& numbers, const std::vector<std::uint8_t>& valid) {
  std::vector<T> values;
  for (const unsigned number : numbers) values.push_back(value_number<T>(number));
  return typed_column::of(std::move(values), valid);
}

inline typed_column strings_column(const shape& of, const std::vector<unsigned>& numbers,
                                   const std::vector<std::uint8_t>& valid) {
  std::vector<std::string> texts;
  for (const unsigned number : numbers)
    texts.push_back(number == 0 ? "" : std::string(number % 23, 'x') + std::to_string(number));
  const typed_column made = typed_column::strings({texts.begin(), texts.end()}, valid);
  return of.coded ? dictionary_coded(made) : made;
}

inline typed_column column_of(const shape& of, index_t rows, std::mt19937_64& random) {
  const std::vector<unsigned> numbers = numbers_of(of, rows, random);
  std::vector<std::uint8_t> valid;
  for (index_t r = 0; of.missing > 0 && r < rows; ++r) valid.push_back(random() % 256 < of.missing ? 0 : 1);
  switch (of.type) {
    case value_type::int8:
      return numbers_column<std::int8_t>(numbers, valid);
    case value_type::int16:
      return numbers_column<std::int16_t>(numbers, valid);
    case value_type::int32:
      return numbers_column<std::int32_t>(numbers, valid);
    case value_type::int64:
      return numbers_column<std::int64_t>(numbers, valid);
    case value_type::uint8:
      return numbers_column<std::uint8_t>(numbers, valid);
    case value_type::uint16:
      return numbers_column<std::uint16_t>(numbers, valid);
    case value_type::uint32:
      return numbers_column<std::uint32_t>(numbers, valid);
    case value_type::uint64:
      return numbers_column<std::uint64_t>(numbers, valid);
    case value_type::float32:
      return numbers_column<float>(numbers, valid);
    case value_type::float64:
      return numbers_column<double>(numbers, valid);
    case value_type::boolean: {
      std::vector<bool> bits;
      for (const unsigned number : numbers) bits.push_back(number % 2 != 0);
      return typed_column::booleans(bits, valid);
    }
    case value_type::timestamp: {
      std::vector<std::int64_t> ticks;
      for (const unsigned number : numbers) ticks.push_back(value_number<std::int64_t>(number));
      return typed_column::timestamps(std::move(ticks), time_unit::millisecond, valid);
    }
    case value_type::string:
      break;
  }
  return strings_column(of, numbers, valid);
}

struct random_table {
  typed_table table;
  std::vector<std::string> keys;
};

/// Up to four keys "k0", "k1" ...; a value "v" of any type but strings, a double "w", and a string "s". At
/// most `most_rows`.
inline random_table table_of(bytes& from, index_t most_rows) {
  const auto rows = static_cast<index_t>(from.next() * 256 + from.next()) % (most_rows + 1);
  const unsigned keys = from.next() % 5;
  std::vector<shape> shapes;
  for (unsigned k = 0; k < keys; ++k) shapes.push_back(next_shape(from));
  shape value = next_shape(from);
  if (value.type == value_type::string) value.type = value_type::int32;
  shape real = next_shape(from);
  real.type = value_type::float64;
  shape text = next_shape(from);
  text.type = value_type::string;
  std::mt19937_64 random(from.next() * 256 + from.next());
  random_table made;
  for (unsigned k = 0; k < keys; ++k) {
    made.keys.push_back(std::string("k").append(std::to_string(k)));
    made.table.add(made.keys.back(), column_of(shapes[k], rows, random));
  }
  made.table.add("v", column_of(value, rows, random)).add("w", column_of(real, rows, random));
  made.table.add("s", column_of(text, rows, random));
  return made;
}

}  // namespace groups
