#pragma once

#include <memory>
#include <string>
#include <vector>

#include "polyloop/aggregation/typed_column.hpp"

namespace polyloop::bench::group_by {

/// DuckDB in this process: libduckdb.so, as the npm package @duckdb/node-bindings-linux-x64 has it.
/// Throws std::runtime_error with DuckDB's words where it declines.
class duckdb {
 public:
  /// `library`: the path of libduckdb.so.
  duckdb(const std::string& library, int threads);
  duckdb(const duckdb&) = delete;
  duckdb& operator=(const duckdb&) = delete;
  ~duckdb();

  /// Makes a table of the columns; plain strings, whether they are coded or not.
  void load(const std::string& name, const aggregation::typed_table& from);
  /// Runs it; the result is there, as a whole, and given up again. Returns the number of its rows.
  std::size_t run(const std::string& sql);
  /// The result's values as text, row by row; empty where one is missing.
  std::vector<std::vector<std::string>> rows_of(const std::string& sql);

 private:
  struct library;
  std::unique_ptr<library> library_;
};

}  // namespace polyloop::bench::group_by
