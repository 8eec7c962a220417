/// polyloop-vocabulary: scans, searches and the like beside the best that others have.

#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "support/arguments.hpp"
#include "support/progress.hpp"
#include "support/report_file.hpp"
#include "vocabulary/table.hpp"

namespace polyloop::bench {

namespace {

using vocabulary::claim;
using vocabulary::entry;

constexpr int falls_short = 1;

struct settings {
  std::string json;
  std::string only;
};

constexpr const char* footer =
    "examples:\n"
    "  polyloop-vocabulary\n"
    "  polyloop-vocabulary --only scan --json scan.json\n"
    "status: 0 all claims hold; 1 one falls short; 2 wrong use, or the report cannot be written";

bool holds(const claim& made) {
  return made.at_most ? made.measured <= made.bar : made.measured >= made.bar;
}

nlohmann::ordered_json json_row(const claim& made) {
  return {{"claim", made.text}, {"measured", made.measured},
          {"bar", made.bar},    {"direction", made.at_most ? "at most" : "at least"},
          {"unit", made.unit},  {"holds", holds(made)}};
}

void print(const claim& made) {
  fmt::print("{}: {:.3f} {} ({} {:.2f}): {}\n", made.text, made.measured, made.unit,
             made.at_most ? "at most" : "at least", made.bar, holds(made) ? "holds" : "falls short");
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
      all_hold = all_hold && holds(made);
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
  try {
    return polyloop::bench::run_as_told(argc, argv);
  } catch (const std::exception& problem) {
    std::cerr << "polyloop-vocabulary: " << problem.what() << '\n';
    return polyloop::bench::wrong_use;
  }
}
