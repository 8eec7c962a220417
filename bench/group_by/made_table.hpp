#pragma once

#include <cstdint>
#include <string>

#include "polyloop/aggregation/aggregation.hpp"

namespace polyloop::bench::group_by {

/// The table of the db-benchmark's group-by task (https://duckdblabs.github.io/db-benchmark):
/// G1_rows_keys_missing_0.
struct table_shape {
  index_t rows = 10'000'000;
  index_t keys = 100;    ///< K: id1, id2, id4, id5 have K values, id3 and id6 rows / K
  int missing = 0;       ///< so many percent of every column
  bool zipf = false;     ///< value number r of a column comes 1 / r as often as the first
  bool coded = true;     ///< strings in dictionaries, else plain
  index_t first = 0;     ///< rows from this one on of a longer table ...
  index_t all_rows = 0;  ///< ... that has so many; 0: the table itself
  bool narrow = false;   ///< only id1, id6 and v3
};

/// Columns id1, id2, id3 (strings), id4, id5, id6, v1, v2 (int32), v3 (double), or some of them. Depends on
/// nothing but the shape.
aggregation::typed_table made_table(const table_shape& shape);

/// Writes it as CSV: a line of names, then a line for each row; nothing where a value is missing. Throws
/// std::runtime_error if the file cannot be written.
void write_csv(const aggregation::typed_table& table, const std::string& path);

/// "G1_1e7_1e2_0_0" and the like.
std::string name_of(const table_shape& shape);

}  // namespace polyloop::bench::group_by
