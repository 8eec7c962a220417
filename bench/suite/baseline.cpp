#include "suite/baseline.hpp"

#include <fmt/format.h>

#include <map>

#include "support/input.hpp"

namespace polyloop::bench {

using json = nlohmann::ordered_json;

std::vector<row> rows_in(const json& document, const std::string& source) {
  try {
    return document.at("polyloop").at("rows").get<std::vector<row>>();
  } catch (const std::exception& problem) {  // of the parser, or a schedule that there is not
    throw input_error(fmt::format("{}: not results of this suite: {}", source, problem.what()));
  }
}

std::vector<row> read_rows(const std::string& path) {
  const std::string text = read_file(path);
  try {
    return rows_in(json::parse(text), path);
  } catch (const json::parse_error& problem) {
    throw input_error(fmt::format("{}: not JSON: {}", path, problem.what()));
  }
}

baseline_comparison compare_rows(const std::vector<row>& now, const std::vector<row>& before) {
  std::map<std::string, const row*> old;
  for (const row& each : before) old.emplace(each.name, &each);
  baseline_comparison made;
  for (const row& each : now) {
    const auto found = old.find(each.name);
    if (found == old.end())
      made.new_rows.push_back(each.name);
    else if (found->second->input != each.input)
      made.other_data.push_back(each.name);
    else
      made.changes.push_back({each.name, unpaired_ratio(each.taken, found->second->taken)});
  }
  return made;
}

}  // namespace polyloop::bench
