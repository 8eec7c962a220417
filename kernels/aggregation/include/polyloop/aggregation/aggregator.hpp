#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "polyloop/aggregation/group_table.hpp"

namespace polyloop::aggregation {

/// Groups of a table that comes in batches, and never is in memory as a whole:
///
///     aggregator revenue({"country"}, {aggregate::sum("price"), aggregate::max("price")});
///     while (const auto batch = next()) revenue.add(*batch);
///     const grouped_table all = revenue.finish();
///
/// Memory: the groups' keys and states, whatever the number of rows; each batch besides, while it is added.
/// So there is nothing of aggregates that need all values of a group at once (median, quantile,
/// count_distinct): they throw invalid_argument, and so do strings as inputs. Functions get the number of the
/// row in its batch.
///
/// The same batches in the same order give the same bits, on every backend and with any number of workers.
/// Sums of floating numbers depend on how the rows are cut into batches, by their rounding. Not thread-safe,
/// but for const functions: each thread may have one of its own, which are merged.
class aggregator {
 public:
  /// Copies the names and aggregates. Throws invalid_argument for aggregates that there is no state of
  /// bounded size for.
  aggregator(std::vector<std::string> keys, std::vector<aggregate> aggregates);
  aggregator(aggregator&&) noexcept;
  aggregator& operator=(aggregator&&) noexcept;
  ~aggregator();

  /// Adds the rows of a batch, after all before. O(rows) in parallel, and O(groups of the batch) not. Where
  /// it throws, nothing was added: as group_by does; invalid_argument for columns of other types than those
  /// of the first batch.
  void add(const typed_table& batch, const grouping& how = {});
  /// Adds what another one has seen, as if its rows came after those here. Throws invalid_argument if it has
  /// other keys, aggregates (by name) or types.
  void merge(const aggregator& other);
  /// All that it has seen, as bytes, for an aggregator with the same keys and aggregates in another process
  /// of the same kind of machine.
  std::string save() const;
  /// As merge(), of bytes that save() made. Throws invalid_argument for others, as far as they show it.
  void merge_saved(std::string_view bytes);

  index_t rows() const noexcept;
  index_t groups() const noexcept;
  /// The groups up to now.
  grouped_table snapshot(group_order order = group_order::first_appearance) const;
  /// The groups; the aggregator is empty afterwards.
  grouped_table finish(group_order order = group_order::first_appearance);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace polyloop::aggregation
