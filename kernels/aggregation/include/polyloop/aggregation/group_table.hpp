#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "polyloop/aggregation/aggregate.hpp"
#include "polyloop/aggregation/group_by.hpp"
#include "polyloop/aggregation/scratch_memory.hpp"
#include "polyloop/aggregation/typed_column.hpp"
#include "polyloop/loop_options.hpp"

namespace polyloop::aggregation {

/// Which rows count: a function of the row's number that returns a bool. It is called from several threads at
/// once.
class row_filter {
 public:
  row_filter() = default;
  template <std::predicate<index_t> F>
  row_filter(F chosen)  // NOLINT(google-explicit-constructor)
      : streams_(detail::streams_of(chosen)),
        chosen_([chosen = std::move(chosen)](index_t first, std::size_t n, std::uint8_t* keep) {
          for (std::size_t i = 0; i < n; ++i) keep[i] = chosen(first + static_cast<index_t>(i)) ? 1 : 0;
        }) {}

  explicit operator bool() const noexcept { return chosen_ != nullptr; }
  void operator()(index_t first, std::size_t n, std::uint8_t* keep) const { chosen_(first, n, keep); }
  /// For the library.
  const std::vector<detail::row_stream>& streams() const noexcept { return streams_; }

 private:
  std::vector<detail::row_stream> streams_;
  std::function<void(index_t, std::size_t, std::uint8_t*)> chosen_;
};

struct grouping {
  group_order order = group_order::first_appearance;
  /// Without one, all rows count.
  row_filter where = {};
  /// A stop, a deadline and the like, for the loops.
  loop_options loops = {};
  /// Where the memory comes from, for those that group again and again.
  scratch_memory* memory = nullptr;
};

/// The groups of a table: a row for each, the keys first, then the aggregates.
class grouped_table {
 public:
  grouped_table(typed_table columns, std::string explanation)
      : columns_(std::move(columns)), explanation_(std::move(explanation)) {}

  index_t groups() const noexcept { return columns_.rows(); }
  const typed_table& columns() const noexcept { return columns_; }
  /// By name. Throws invalid_argument, whose text lists the names.
  const typed_column& operator[](std::string_view name) const { return columns_[name]; }
  /// The plan in words: what was seen of the keys, and how the rows were grouped.
  const std::string& explain() const noexcept { return explanation_; }

 private:
  typed_table columns_;
  std::string explanation_;
};

/// Groups the rows of a table by any number of keys, and computes aggregates of each group:
///
///     group_by(shop, {"country", "month"}, {aggregate::sum("revenue"), aggregate::median("basket")})
///
/// Missing keys are like each other, and so are NaNs; -0 is 0. Missing values are skipped, and
/// count_missing() tells how many. A NaN is a value. Without keys there is one group, if there is a row.
///
/// The plan depends on the keys' values alone, never on backend or workers: arrays, where the keys' ranges
/// allow one cell for each possible group; numbers from hash tables of blocks of the rows, merged in a fixed
/// order, where a sample says that groups are few; else (and for medians and the like) the rows are first
/// dealt to partitions, whose groups have nothing to do with each other. Within a group, values are combined
/// in the order of their rows, or in blocks cut by a rule of the numbers of rows and groups, combined in a
/// fixed tree: same bits on every backend, with any schedule and any number of workers.
///
/// String keys and minima come as dictionary-coded columns. O(rows) work, and the sort where the order asks
/// for it. Thread-safe. Throws invalid_argument for names that are not there or there twice, inputs of a type
/// that the aggregate does not have, and 2^32 - 1 rows or more; what functions throw; stopped if `loops`
/// ended it early.
grouped_table group_by(const typed_table& from, const std::vector<std::string>& keys,
                       const std::vector<aggregate>& aggregates, const grouping& how = {});

}  // namespace polyloop::aggregation
