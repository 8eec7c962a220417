#include "polyloop/aggregation/table.hpp"

#include <algorithm>

namespace polyloop::aggregation {

namespace {

template <class Column>
const Column& typed(const column& any, std::string_view name, std::string_view type) {
  const Column* found = std::get_if<Column>(&any);
  if (!found) throw invalid_argument("column", name, "a column of type " + std::string(type));
  return *found;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text = "one of:";
  for (const std::string& name : names) text += " \"" + name + "\"";
  return text;
}

}  // namespace

string_column::string_column(std::string characters, std::vector<index_t> ends,
                             std::vector<std::uint8_t> valid)
    : characters_(std::move(characters)), ends_(std::move(ends)), valid_(std::move(valid)) {
  if (valid_.size() != ends_.size())
    throw invalid_argument("number of validities", std::to_string(valid_.size()),
                           std::to_string(ends_.size()));
  const index_t last = ends_.empty() ? 0 : ends_.back();
  if (last != static_cast<index_t>(characters_.size()) || !std::is_sorted(ends_.begin(), ends_.end()))
    throw invalid_argument("last end", std::to_string(last),
                           "ends in order, up to " + std::to_string(characters_.size()));
}

void string_column::push_back(std::string_view text) {
  characters_ += text;
  ends_.push_back(static_cast<index_t>(characters_.size()));
  valid_.push_back(1);
}

void string_column::push_back_missing() {
  push_back({});
  valid_.back() = 0;
}

void table::add(std::string name, column values) {
  const index_t rows = std::visit([](const auto& each) { return each.rows(); }, values);
  if (rows != rows_)
    throw invalid_argument("rows of column " + name, std::to_string(rows), std::to_string(rows_));
  if (std::find(names_.begin(), names_.end(), name) != names_.end())
    throw invalid_argument("column", name, "a name that the table does not have yet");
  names_.push_back(std::move(name));
  columns_.push_back(std::move(values));
}

const column& table::operator[](std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) throw invalid_argument("column", name, listed(names_));
  return columns_[static_cast<std::size_t>(found - names_.begin())];
}

const int64_column& table::int64(std::string_view name) const {
  return typed<int64_column>((*this)[name], name, "int64");
}

const double_column& table::float64(std::string_view name) const {
  return typed<double_column>((*this)[name], name, "double");
}

const string_column& table::string(std::string_view name) const {
  return typed<string_column>((*this)[name], name, "string");
}

}  // namespace polyloop::aggregation
