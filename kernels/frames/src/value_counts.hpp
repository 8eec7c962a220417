#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "polyloop/index.hpp"

namespace polyloop::frames::detail {

template <class T>
inline constexpr std::size_t value_count = std::size_t{1} << (8 * sizeof(T));

/// Counts of a band. Samples next to each other, which are often equal, are counted in tables of their own:
/// an addition does not wait for the one before it.
template <class T>
class band_counts {
 public:
  band_counts() : tables_(table_count * value_count<T>) {}

  void add(const T* row, index_t step, index_t pixels) {
    std::uint32_t* const table = tables_.data();
    index_t x = 0;
    for (; x + table_count <= pixels; x += table_count)
      for (index_t k = 0; k < table_count; ++k)
        ++table[static_cast<std::size_t>(k) * value_count<T> + row[(x + k) * step]];
    for (; x < pixels; ++x) ++table[row[x * step]];
  }

  template <class Count>
  void add_to(std::vector<Count>& all) const {
    for (std::size_t k = 0; k < tables_.size(); k += value_count<T>)
      for (std::size_t v = 0; v < value_count<T>; ++v) all[v] += tables_[k + v];
  }
  /// The counts, in the first table; the others are 0 again.
  std::span<std::uint32_t> folded() {
    for (std::size_t k = value_count<T>; k < tables_.size(); k += value_count<T>)
      for (std::size_t v = 0; v < value_count<T>; ++v) tables_[v] += std::exchange(tables_[k + v], 0U);
    return std::span(tables_).first(value_count<T>);
  }

 private:
  static constexpr index_t table_count = sizeof(T) == 1 ? 8 : 2;
  std::vector<std::uint32_t> tables_;
};

}  // namespace polyloop::frames::detail
