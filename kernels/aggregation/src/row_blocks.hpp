#pragma once

#include <algorithm>
#include <cstddef>

#include "polyloop/aggregation/row_function.hpp"
#include "polyloop/index.hpp"

/// How rows are gone through: in blocks, in parallel, and each of these in morsels.
namespace polyloop::aggregation {

constexpr index_t morsel_rows = 1024;  // a morsel's numbers stay in the first-level cache

/// Blocks of rows, cut by a rule of their number alone.
struct row_blocks {
  index_t rows = 0;
  index_t size = 1;

  static row_blocks of(index_t rows, index_t least_size, index_t most_blocks) {
    return {rows, std::max<index_t>(least_size, (rows + most_blocks - 1) / most_blocks)};
  }
  index_t count() const { return (rows + size - 1) / size; }
  index_t first(index_t block) const { return block * size; }
  index_t last(index_t block) const { return std::min(rows, first(block) + size); }
};

/// Asks for memory that will be read some time later.
inline void prefetch(const void* at) {
#if defined(__GNUC__)
  __builtin_prefetch(at);
#else
  static_cast<void>(at);
#endif
}

using detail::row_stream;

}  // namespace polyloop::aggregation
