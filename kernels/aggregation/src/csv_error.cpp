#include "polyloop/aggregation/csv_error.hpp"

#include <utility>

namespace polyloop::aggregation {

namespace {

std::string in_words(const csv_problem& p) {
  std::string text = p.file.empty() ? "" : p.file + ": ";
  text += "line " + std::to_string(p.line) + ", column " + std::to_string(p.column);
  if (!p.column_name.empty()) text += " \"" + p.column_name + "\"";
  return text + ": found " + p.found + ", expected " + p.expected;
}

}  // namespace

csv_error::csv_error(csv_problem problem) : error(in_words(problem)), problem_(std::move(problem)) {}

file_error::file_error(const std::string& file, const std::string& reason)
    : error("cannot read " + file + ": " + reason), file_(file) {}

}  // namespace polyloop::aggregation
