#pragma once

#include <string>
#include <vector>

#include "support/claim.hpp"
#include "support/table.hpp"
#include "tables/variant.hpp"

namespace polyloop::bench::tables {

/// What a table's measurement hands back, when it has printed its grids.
using claims = std::vector<claim>;

struct settings {
  std::vector<std::string> tables = {};
  std::vector<std::string> gaps = {};  // of the table of gaps, only these; all where there are none
  std::string backend = {};
  std::string json = {};
  bool quick = false;
  bool busy = false;
};

/// A claim for each variant of ours, of the value that stands at its place.
inline void claim_ours(claims& made, const std::vector<variant>& variants, const std::vector<double>& values,
                       const std::string& before, const std::string& after, double bar, bool at_most = true) {
  for (std::size_t i = 0; i < variants.size(); ++i)
    if (variants[i].is_ours())
      made.push_back({before + ", " + variants[i].backend + ": " + after, values[i], bar, at_most});
}

/// A table with a row for each variant.
class grid {
 public:
  grid(std::string title, const std::vector<variant>& variants) : title_(std::move(title)) {
    for (const variant& each : variants) rows_.push_back({each.name});
  }

  /// The next column, a cell for each variant.
  void add(std::string head, const std::vector<std::string>& cells) {
    columns_.push_back({std::move(head), true});
    for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].push_back(cells[i]);
  }
  void print() const;

 private:
  std::string title_;
  std::vector<column> columns_ = {{""}};
  std::vector<std::vector<std::string>> rows_;
};

/// The values with so many digits behind the point.
std::vector<std::string> cells(const std::vector<double>& values, int digits);

claims small_table(const settings& how);
claims gaps_table(const settings& how);
claims imbalance_table(const settings& how);
claims nested_table(const settings& how);
claims callers_table(const settings& how);
claims memory_table(const settings& how);
claims idle_table(const settings& how);

/// How much longer so many threads compute at once than one alone: 1 where all
/// cores are free. No time over ideal can be less.
double time_over_one_thread(int threads);

/// Threads of the process while four of them loop at once, for each variant.
/// Each is counted in a process of its own, made by fork: to be called before
/// anything else has started a thread.
void count_threads_of_callers(const settings& how);

}  // namespace polyloop::bench::tables
