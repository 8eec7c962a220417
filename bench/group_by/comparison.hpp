#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "group_by/duckdb.hpp"
#include "group_by/made_table.hpp"
#include "group_by/peer_process.hpp"
#include "group_by/questions.hpp"

namespace polyloop::bench::group_by {

double median_of(std::vector<double> values);
double seconds_of(const std::function<void()>& call);
/// A cell as text; empty where it is missing.
std::string text_of(const aggregation::typed_column& column, index_t row);

/// Who takes part, and how.
struct participants {
  std::string duckdb;               ///< the path of its library; empty: it does not
  std::vector<std::string> others;  ///< names of peers/NAME.js
  std::string modules;              ///< the folder that has their packages
  int threads = 2;
};

/// How long a question took us and the fastest of the peers.
struct outcome {
  double ours = 0;
  double best = 0;
  std::string best_name = {};  ///< empty: there are no peers
};

/// A table and its copies at the peers; all are asked in turn.
class comparison {
 public:
  comparison(const table_shape& shape, const participants& peers);
  ~comparison();

  const aggregation::typed_table& table() const { return table_; }
  /// Medians of some rounds. With `check` answers are compared: with DuckDB's cell by cell, with the others'
  /// by their number of groups and the sum of all that was aggregated; throws std::runtime_error where they
  /// differ. Prints a line.
  outcome measure(const question& asked, int rounds, bool check);

 private:
  void start_others(const participants& peers);
  void compare_all(const question& asked);
  void wait_for_others() const;

  table_shape shape_;
  aggregation::typed_table table_;
  std::optional<duckdb> duckdb_;
  std::map<std::string, std::unique_ptr<peer_process>> others_;
  aggregation::scratch_memory memory_;  // the peers keep their own, too
};

/// The table at DuckDB as y, of a million rows at a time; its strings as enums where ours are coded. No more
/// is in memory than has to be.
void load_in_parts(duckdb& peer, const table_shape& shape);

}  // namespace polyloop::bench::group_by
