#include "support/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <ostream>

namespace polyloop::bench {

namespace {

std::vector<std::string> heads_of(const std::vector<column>& columns) {
  std::vector<std::string> heads;
  for (const column& each : columns) heads.push_back(each.head);
  return heads;
}

void widen(std::vector<std::size_t>& widths, const std::vector<std::string>& row) {
  for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
}

}  // namespace

void table::print(std::ostream& out) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  widen(widths, heads_of(columns_));
  for (const auto& row : rows_) widen(widths, row);

  const auto line = [&](const std::vector<std::string>& row) {
    std::string text;
    for (std::size_t c = 0; c < row.size(); ++c)
      text += columns_[c].number ? fmt::format("{:>{}}  ", row[c], widths[c])
                                 : fmt::format("{:<{}}  ", row[c], widths[c]);
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
  };
  line(heads_of(columns_));
  for (const auto& row : rows_) line(row);
}

std::string duration_text(double seconds) {
  struct unit {
    double seconds;
    const char* name;
  };
  constexpr unit units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}};
  for (const unit& each : units) {
    const double value = seconds / each.seconds;
    if (value >= 1)
      return fmt::format("{:.{}f} {}", value, value >= 100 ? 0 : value >= 10 ? 1 : 2, each.name);
  }
  return fmt::format("{:.1f} ns", seconds * 1e9);
}

}  // namespace polyloop::bench
