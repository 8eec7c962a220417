/// polyloop-honesty: does the suite see differences where there are none, and those that there are?

#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "honesty/trials.hpp"
#include "support/arguments.hpp"
#include "support/progress.hpp"
#include "support/report_file.hpp"

namespace polyloop::bench {

namespace {

constexpr int falls_short = 1;

constexpr const char* footer =
    "examples:\n"
    "  polyloop-honesty\n"
    "  polyloop-honesty --trials 20 --json honesty.json\n"
    "status: 0 all claims hold; 1 one falls short; 2 wrong use, or the report cannot be written";

struct settings {
  std::string json;
  int trials = 100;
};

struct claim {
  std::string text;
  bool (*trial)(int number);
  double bar;  // as a part of the trials
  bool at_most = false;
};
const claim claims[] = {
    {"the same kernel twice: intervals of the ratio that contain 1", honesty::equals_look_equal, 0.95},
    {"a kernel slowed by 5 %: flagged beside the baseline", honesty::slower_is_flagged, 0.90},
    {"a kernel left as it was: flagged beside the baseline", honesty::unchanged_is_flagged, 0.05, true},
};

nlohmann::ordered_json measured(const claim& each, int trials) {
  int seen = 0;
  progress line(trials);
  for (int number = 0; number < trials; ++number) {
    line.begin(each.text);
    seen += each.trial(number);
  }
  const double bar = each.bar * trials;
  return {{"claim", each.text},
          {"measured", seen},
          {"bar", bar},
          {"direction", each.at_most ? "at most" : "at least"},
          {"unit", fmt::format("of {}", trials)},
          {"holds", each.at_most ? seen <= bar : seen >= bar}};
}

int run(const settings& how) {
  report_file file(how.json);
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  bool all_hold = true;
  for (const claim& each : claims) {
    const nlohmann::ordered_json row = measured(each, how.trials);
    fmt::print("{}: {} of {} ({} {}): {}\n", each.text, row["measured"].get<int>(), how.trials,
               row["direction"].get<std::string>(), row["bar"].get<double>(),
               row["holds"].get<bool>() ? "holds" : "falls short");
    all_hold = all_hold && row["holds"].get<bool>();
    report.push_back(row);
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
  try {
    return polyloop::bench::run_as_told(argc, argv);
  } catch (const std::exception& problem) {
    std::cerr << "polyloop-honesty: " << problem.what() << '\n';
    return polyloop::bench::wrong_use;
  }
}
