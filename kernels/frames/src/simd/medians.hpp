#pragma once

#include <cstdint>

#include "polyloop/index.hpp"
#include "tables.hpp"

namespace polyloop::frames::detail {

/// Medians of squares by sorting networks. `columns` sort each column of the taps
/// into as many lines, the least in lines[0]; `along` takes squares of these, whose
/// columns are `step` samples apart.
template <class T>
struct median_rows {
  using columns = void (*)(const T* const* taps, index_t count, T* const* lines);
  using along = void (*)(const T* const* lines, index_t step, index_t count, T* out);

  columns columns3;
  along along3;
  /// Two rows of medians of 3 x 3, from four rows of which the two in the middle are sorted once; taps have a
  /// pixel before and behind.
  void (*two_rows3)(const T* const* taps, index_t step, index_t count, T* upper, T* lower);
  columns columns5;
  along along5;
};
for_each_sample<median_rows> medians();

/// Counts of 8-bit samples: below[k] is how many of those in a class lie below its k-th part.
struct counts {
  static constexpr index_t parts = 16;
  alignas(32) std::uint16_t below[parts];
};

/// The samples of a column of a window, by their upper four bits, and each class by the lower four.
struct column_counts {
  counts coarse;
  counts fine[counts::parts];
};

/// The median of 8-bit samples under a square of any size, by counts.
struct counting_rows {
  /// A sample enters columns[x] and one leaves it; x counts steps in the rows.
  void (*move)(column_counts* columns, const std::uint8_t* entering, const std::uint8_t* leaving,
               index_t step, index_t count);
  /// A sample enters columns[x].
  void (*enter)(column_counts* columns, const std::uint8_t* entering, index_t step, index_t count);
  /// out[x * step] is the sample of that rank under columns[x] to columns[x + width - 1].
  void (*rank)(const column_counts* columns, index_t width, index_t rank, index_t step, index_t count,
               std::uint8_t* out);
};
counting_rows counting();

}  // namespace polyloop::frames::detail
