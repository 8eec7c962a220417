/// polyloop-vocabulary: scans, searches and the like beside the best that others have.

#include <fmt/format.h>

#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "support/arguments.hpp"
#include "support/claim.hpp"
#include "support/progress.hpp"
#include "support/report_file.hpp"
#include "vocabulary/table.hpp"

namespace polyloop::bench {

namespace {

using vocabulary::entry;

struct settings {
  std::string json;
  std::string only;
};

constexpr const char* footer =
    "examples:\n"
    "  polyloop-vocabulary\n"
    "  polyloop-vocabulary --only scan --json scan.json\n"
    "status: 0 all claims hold; 1 one falls short; 2 wrong use, or the report cannot be written";

void print(const claim& made) {
  fmt::print("{}: {:.3f} {} ({} {:.2f}): {}\n", made.text, made.measured, made.unit, made.direction(), made.bar,
             made.verdict());
}

int run(const settings& how) {
  report_file file(how.json);
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  bool all_hold = true;
  progress line(static_cast<int>(std::size(vocabulary::entries)));
  for (const entry& each : vocabulary::entries) {
    line.begin(each.name);
    if (!how.only.empty() && how.only != each.name) continue;
    for (const claim& made : each.claims()) {
      print(made);
      report.push_back(json_row(made));
      all_hold = all_hold && made.holds();
    }
  }
  file.write(report);
  if (!report.empty()) return all_hold ? 0 : falls_short;
  std::cerr << "nothing is called '" << how.only << "'\n";
  return wrong_use;
}

int run_as_told(int argc, char** argv) {
  settings how;
  CLI::App app("Times the vocabulary of parallel loops beside the best of other libraries, in turn.");
  app.add_option("--json", how.json, "Write the rows to this file as well");
  app.add_option("--only", how.only, "Only the claims of this thing, such as scan");
  app.footer(footer);
  return parsed_and_run(app, argc, argv, [&how] { return run(how); });
}

}  // namespace

}  // namespace polyloop::bench

int main(int argc, char** argv) {
  return polyloop::bench::run_program("polyloop-vocabulary", argc, argv, polyloop::bench::run_as_told);
}
