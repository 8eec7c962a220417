#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suite/result.hpp"

namespace polyloop::bench {

/// A row beside the row of the same name of an older run.
struct change {
  std::string name;
  interval ratio;  // new time over old time

  /// Slower with confidence, and by more than the threshold (0.02: 2 %).
  bool is_regression(double threshold) const { return ratio.low > 1 + threshold; }
  bool is_improvement(double threshold) const { return ratio.high < 1 - threshold; }
};

/// What a comparison with an older run says.
struct baseline_comparison {
  std::vector<change> changes;          // in the order of the new rows
  std::vector<std::string> new_rows;    // not in the old run
  std::vector<std::string> other_data;  // of the same name on other data: not compared
};

/// The rows of a file that the suite wrote. Throws input_error for a file that
/// cannot be read or is none.
std::vector<row> read_rows(const std::string& path);

/// The rows of a document of the suite. Throws input_error, whose text begins with `source`.
std::vector<row> rows_in(const nlohmann::ordered_json& document, const std::string& source);

/// Compares the rows that both have, by the interval of the ratio of their medians.
baseline_comparison compare_rows(const std::vector<row>& now, const std::vector<row>& before);

}  // namespace polyloop::bench
