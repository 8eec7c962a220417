#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "polyloop/aggregation/typed_column.hpp"

/// Loops over a column's numbers, in the instructions that this machine has; the same results from all.
namespace polyloop::aggregation {

/// Of integers: each as uint64, modulo 2^64.
struct number_range {
  std::uint64_t least;
  std::uint64_t most;
};

struct integer_loops {
  /// keys[i] = or += (values[i] - least) * factor, modulo 2^32 or 2^64.
  void (*place_32)(const void* values, std::size_t n, std::uint64_t least, std::uint64_t factor, bool assign,
                   std::uint32_t* keys);
  void (*place_64)(const void* values, std::size_t n, std::uint64_t least, std::uint64_t factor, bool assign,
                   std::uint64_t* keys);
  void (*widen)(const void* values, std::size_t n, void* to);  ///< to int64
  number_range (*range)(const void* values, std::size_t n);    ///< of at least one
  /// Widens `all` to the values that are there; `any`: set if there is one.
  void (*range_where)(const void* values, const std::uint8_t* valid, std::size_t n, number_range& all,
                      bool& any);
};

struct column_loops {
  std::array<integer_loops, 8> integers;  ///< by value_type, int8 to uint64
  void (*widen_float)(const void* values, std::size_t n, void* to);
  void (*place_where_32)(const std::uint32_t* digits, const std::uint8_t* valid, std::size_t n,
                         std::uint64_t missing, std::uint64_t factor, bool assign, std::uint32_t* keys);
  void (*place_where_64)(const std::uint64_t* digits, const std::uint8_t* valid, std::size_t n,
                         std::uint64_t missing, std::uint64_t factor, bool assign, std::uint64_t* keys);

  /// to[i] = first + i
  void (*count_up)(std::uint32_t first, std::size_t n, std::uint32_t* to);
  /// at[i] += (i % 4) * step
  void (*take_turns)(std::uint32_t step, std::size_t n, std::uint32_t* at);

  const integer_loops& of(value_type type) const {
    return integers[static_cast<std::size_t>(type == value_type::timestamp ? value_type::int64 : type)];
  }
};

const column_loops& best_column_loops();

/// A byte for each of n rows of a column that may be missing: 1 where there is a value.
void load_validity(const typed_column& from, index_t first, std::size_t n, std::uint8_t* valid);

}  // namespace polyloop::aggregation
