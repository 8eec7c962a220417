/// polyloop-loops: what a loop costs beside the same loop written by hand.

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "loops/questions.hpp"
#include "support/arguments.hpp"
#include "support/claim.hpp"
#include "support/progress.hpp"
#include "support/report_file.hpp"
#include "support/table.hpp"

namespace polyloop::bench {

namespace {

using loops::question;

struct settings {
  std::string json;
  std::string filter;
  bool quick = false;
  bool profiler = false;
};

constexpr const char* footer =
    "examples:\n"
    "  polyloop-loops\n"
    "  polyloop-loops --filter tbb --quick\n"
    "  polyloop-loops --filter 'saxpy n=1e3' --json loops.json\n"
    "  polyloop-loops --profiler\n"
    "status: 0 all claims hold; 1 one falls short; 2 wrong use, or the report cannot be written";

std::vector<question> asked_for(const settings& how) {
  std::vector<question> asked =
      how.profiler ? loops::profiler_questions(how.quick) : loops::questions(how.quick);
  std::erase_if(asked,
                [&how](const question& each) { return each.text.find(how.filter) == std::string::npos; });
  return asked;
}

std::string cell(double seconds) {
  return seconds > 0 ? duration_text(seconds) : "-";
}

void add_row(table& rows, const loops::claim& made) {
  rows.add({made.text, cell(made.ours), cell(made.raw), fmt::format("{:.3f}", made.measured),
            fmt::format("{:.1f} %", 100 * made.spread),
            fmt::format("{} {:.2f}", made.direction(), made.bar), made.verdict()});
}

nlohmann::ordered_json json_row(const loops::claim& made) {
  nlohmann::ordered_json row = json_row(static_cast<const claim&>(made));
  row["spread"] = made.spread;
  row["seconds"] = made.ours;
  row["seconds_raw"] = made.raw;
  return row;
}

int run(const settings& how) {
  const std::vector<question> asked = asked_for(how);
  if (asked.empty()) {
    std::cerr << "no claim contains '" << how.filter << "'\n";
    return wrong_use;
  }
  report_file file(how.json);
  table rows({{"claim"}, {"ours", true}, {"raw", true}, {"measured", true}, {"spread", true}, {"bar"}, {""}});
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  bool all_hold = true;
  {
    progress line(static_cast<int>(asked.size()));
    for (const question& each : asked) {
      line.begin(each.text);
      loops::claim made = each.answer();
      made.text = each.text;
      add_row(rows, made);
      report.push_back(json_row(made));
      all_hold = all_hold && made.holds();
    }
  }
  rows.print(std::cout);
  file.write(report);
  return all_hold ? 0 : falls_short;
}

int run_as_told(int argc, char** argv) {
  settings how;
  CLI::App app("Times loops on every backend beside the same loops written by hand, in turn.");
  app.add_option("--json", how.json, "Write the rows to this file as well");
  app.add_flag("--quick", how.quick, "Nine rounds of everything, no more");
  app.add_flag("--profiler", how.profiler, "What the profiler costs, instead: on (ours) beside off (raw)");
  app.add_option("--filter", how.filter, "Only the claims that contain this text");
  app.footer(footer);
  return parsed_and_run(app, argc, argv, [&how] { return run(how); });
}

}  // namespace

}  // namespace polyloop::bench

int main(int argc, char** argv) {
  return polyloop::bench::run_program("polyloop-loops", argc, argv, polyloop::bench::run_as_told);
}
