#pragma once

#include <span>
#include <string>
#include <vector>

#include "polyloop/aggregation/aggregation.hpp"

namespace polyloop::bench::group_by {

/// A question of the db-benchmark: on this library, and in SQL.
struct question {
  std::string name;
  std::string words;
  std::vector<std::string> keys;
  std::vector<aggregation::aggregate> aggregates;
  std::string sql;  ///< the same columns, of the table {}, as DuckDB's dialect has them
};

/// Those of the whole table, or some of its three columns id1, id6 and v3.
std::span<const question> questions(bool narrow);

}  // namespace polyloop::bench::group_by
