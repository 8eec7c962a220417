#include <fmt/format.h>

#include <iostream>

#include "tables/tables.hpp"

namespace polyloop::bench::tables {

void grid::print() const {
  table shown(columns_);
  for (const auto& row : rows_) shown.add(row);
  std::cout << title_ << '\n';
  shown.print(std::cout);
  std::cout << std::endl;
}

std::vector<std::string> cells(const std::vector<double>& values, int digits) {
  std::vector<std::string> text;
  for (const double each : values) text.push_back(fmt::format("{:.{}f}", each, digits));
  return text;
}

}  // namespace polyloop::bench::tables
