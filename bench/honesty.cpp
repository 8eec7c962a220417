/// polyloop-honesty: does the suite see differences where there are none, and those that there are?

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "honesty/trials.hpp"
#include "support/arguments.hpp"
#include "support/claim.hpp"
#include "support/progress.hpp"
#include "support/report_file.hpp"

namespace polyloop::bench {

namespace {

constexpr const char* footer =
    "examples:\n"
    "  polyloop-honesty\n"
    "  polyloop-honesty --trials 20 --json honesty.json\n"
    "status: 0 all claims hold; 1 one falls short; 2 wrong use, or the report cannot be written";

struct settings {
  std::string json;
  int trials = 100;
};

/// What is claimed of so many trials.
struct statement {
  std::string text;
  bool (*trial)(int number);
  double bar;  // as a part of the trials
  bool at_most = false;
};
const statement statements[] = {
    {"the same kernel twice: intervals of the ratio that contain 1", honesty::equals_look_equal, 0.95},
    {"a kernel slowed by 5 %: flagged beside the baseline", honesty::slower_is_flagged, 0.90},
    {"a kernel left as it was: flagged beside the baseline", honesty::unchanged_is_flagged, 0.05, true},
};

claim measured(const statement& each, int trials) {
  int seen = 0;
  progress line(trials);
  for (int number = 0; number < trials; ++number) {
    line.begin(each.text);
    seen += each.trial(number);
  }
  return {each.text, static_cast<double>(seen), each.bar * trials, each.at_most, fmt::format("of {}", trials)};
}

int run(const settings& how) {
  report_file file(how.json);
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  bool all_hold = true;
  for (const statement& each : statements) {
    const claim made = measured(each, how.trials);
    fmt::print("{}: {} {} ({} {}): {}\n", made.text, made.measured, made.unit, made.direction(), made.bar,
               made.verdict());
    all_hold = all_hold && made.holds();
    report.push_back(json_row(made));
  }
  file.write(report);
  return all_hold ? 0 : falls_short;
}

int run_as_told(int argc, char** argv) {
  settings how;
  CLI::App app(
      "Counts how often the bench suite is right about kernels that are equal, and about one that is "
      "slower.");
  app.add_option("--trials", how.trials, "Trials for each claim")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  app.add_option("--json", how.json, "Write the rows to this file as well");
  app.footer(footer);
  return parsed_and_run(app, argc, argv, [&how] {
    honesty::prepare();
    return run(how);
  });
}

}  // namespace

}  // namespace polyloop::bench

int main(int argc, char** argv) {
  return polyloop::bench::run_program("polyloop-honesty", argc, argv, polyloop::bench::run_as_told);
}
