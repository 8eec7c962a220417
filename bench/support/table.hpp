#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace polyloop::bench {

/// A column: its head, and whether its cells are numbers, which end at the same place.
struct column {
  std::string head;
  bool number = false;
};

/// Text in aligned columns.
class table {
 public:
  explicit table(std::vector<column> columns) : columns_(std::move(columns)) {}

  /// A row has a cell for each column.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print(std::ostream& out) const;

 private:
  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// "1.23 ms": three digits that count, with the unit that fits.
std::string duration_text(double seconds);

}  // namespace polyloop::bench
