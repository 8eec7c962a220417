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
};

struct column_loops {
  std::array<integer_loops, 8> integers;  ///< by value_type, int8 to uint64
  void (*widen_float)(const void* values, std::size_t n, void* to);

  const integer_loops& of(value_type type) const {
    return integers[static_cast<std::size_t>(type == value_type::timestamp ? value_type::int64 : type)];
  }
};

const column_loops& best_column_loops();

}  // namespace polyloop::aggregation
