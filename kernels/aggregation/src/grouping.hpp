#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "group_keys.hpp"
#include "polyloop/aggregation/group_table.hpp"
#include "states.hpp"

namespace polyloop::aggregation {

/// Some groups: their states, and the first row of each, in the order of these.
struct found_groups {
  detail::scratch_vector<word> states;
  detail::scratch_vector<std::uint32_t> first_row;
  /// Which state is that of each group; empty: they are in the same order.
  detail::scratch_vector<std::uint32_t> cell;

  const word* state(std::size_t group, std::size_t words) const {
    return states.data() + (cell.empty() ? group : cell[group]) * words;
  }
};

/// What is to be grouped, and how.
struct grouping_job {
  const typed_table& from;
  const std::vector<std::string>& names;
  const std::vector<aggregate>& aggregates;
  const grouping& how;
  group_keys keys;
  state_layout states;
  row_filter where = how.where;
  std::string plan = {};

  index_t rows() const { return from.rows(); }
  /// An empty vector of scratch memory.
  template <class T>
  detail::scratch_vector<T> scratch() const {
    return detail::scratch_vector<T>(detail::pool_allocator<T>(how.memory ? how.memory->pool() : nullptr));
  }
  template <class T>
  detail::scratch_vector<T> scratch(std::size_t n) const {
    detail::scratch_vector<T> made = scratch<T>();
    made.resize(n);
    return made;
  }
};

/// The morsels of a block of rows: their keys and inputs, where the filter keeps them.
class morsel_reader {
 public:
  /// `wide`: int32 inputs are widened, and row numbers are there, whether the loops need that or not.
  morsel_reader(const grouping_job& job, bool wide);

  /// Rows first .. first + n - 1. The keys, each times scale, of those that are chosen go to `keys`; the
  /// morsel's `at` is left to the caller. Valid until the next call.
  template <class Number>
  const morsel& read(index_t first, std::size_t n, Number scale, Number* keys);
  /// Only the keys and rows.
  template <class Number>
  const morsel& read_keys(index_t first, std::size_t n, Number scale, Number* keys);

  morsel& current() { return morsel_; }

 private:
  template <class T>
  void keep_chosen(T* values) const;
  void load(std::size_t input, index_t first, std::size_t n);

  template <class Number>
  void choose(index_t first, std::size_t n, Number scale, Number* keys);
  void look_ahead(index_t first, std::size_t n);

  const grouping_job& job_;
  const bool with_rows_;
  morsel morsel_;
  std::vector<row_stream> streams_;
  std::vector<std::array<word, morsel_rows>> values_;
  std::vector<std::array<std::uint8_t, morsel_rows>> valid_;
  std::array<std::uint32_t, morsel_rows> rows_;
  std::array<std::uint8_t, morsel_rows> keep_;
  std::array<std::uint16_t, morsel_rows> chosen_;
};

/// The groups of the table's rows, by the plan that suits them; in no particular order.
std::vector<found_groups> find_groups(grouping_job& job);
/// Whether keys are so far apart that an array of them, even in parts, would be mostly empty.
inline bool too_wide_for_arrays(const grouping_job& job) {
  return job.keys.cells() > 4 * static_cast<std::uint64_t>(job.rows());
}

/// Cells for all keys that there might be.
std::vector<found_groups> group_in_cells(grouping_job& job);
/// Partitions of the keys.
std::vector<found_groups> group_in_partitions(grouping_job& job);
/// A row for each group, in the order that is asked for.
typed_table finished(const grouping_job& job, const std::vector<found_groups>& groups);

}  // namespace polyloop::aggregation
