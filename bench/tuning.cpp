/// polyloop-tuning: whether --tune finds what measuring everything finds, and how much sooner.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "suite/options.hpp"
#include "suite/result.hpp"
#include "suite/tune.hpp"
#include "support/arguments.hpp"
#include "support/claim.hpp"
#include "support/progress.hpp"
#include "support/report_file.hpp"
#include "support/statistics.hpp"
#include "support/table.hpp"
#include "tuning/loops.hpp"

namespace polyloop::bench {

namespace {

using clock = std::chrono::steady_clock;

constexpr double choice_bar = 1.05;
constexpr double time_bar = 0.2;
constexpr int final_rounds = 41;

struct settings {
  std::string json;
  std::string filter;
};

constexpr const char* footer =
    "examples:\n"
    "  polyloop-tuning\n"
    "  polyloop-tuning --filter triangular --json tuning.json\n"
    "status: 0 all claims hold; 1 one falls short; 2 wrong use, or the report cannot be written";

/// A search and a sweep over the same candidates.
struct contest {
  variant choice;
  variant best;
  double search_seconds = 0;
  double sweep_seconds = 0;
  interval over_best;  // the time of the choice over that of the sweep's best
  double confidence = 0;
  std::size_t candidates = 0;
};

double seconds_since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

std::vector<subject> subjects_of(const instance& which, const std::vector<variant>& ways) {
  std::vector<subject> subjects;
  for (const variant& each : ways) subjects.push_back(subject_of(which, each));
  return subjects;
}

/// Every candidate as often as the suite measures by default.
variant best_of_all(const instance& which, const std::vector<variant>& ways) {
  const int rounds = options().repetitions;
  const std::vector<samples> taken = measure_in_turn(
      subjects_of(which, ways),
      {.most_rounds = rounds, .least_rounds = rounds, .sample_seconds = options().sample_seconds});
  const auto fastest = std::ranges::min_element(taken, {}, [](const samples& each) { return median(each); });
  return ways[static_cast<std::size_t>(fastest - taken.begin())];
}

/// The time of one way over another's, measured anew: what a sweep finds best
/// was also lucky, and is slower the next time.
interval ratio_of(const instance& which, const variant& one, const variant& other) {
  if (one == other) return {1, 1, 1};
  const std::vector<samples> taken =
      measure_in_turn(subjects_of(which, {one, other}),
                      {.most_rounds = final_rounds, .least_rounds = final_rounds, .sample_seconds = 2e-3});
  return paired_ratio(taken[0], taken[1]);
}

contest held(const kernel_family& family) {
  const instance which = prepared(family, family.sizes.front());
  const std::vector<variant> ways = tuning_candidates(longest_loop(which.code));
  contest made;
  auto start = clock::now();
  const tuned_kernel tuned = tune(which, ways);
  made.search_seconds = seconds_since(start);
  start = clock::now();
  made.best = best_of_all(which, ways);
  made.sweep_seconds = seconds_since(start);
  made.choice = tuned.worthwhile() ? tuned.best : ways.front();
  made.over_best = ratio_of(which, made.choice, made.best);
  made.confidence = tuned.confidence;
  made.candidates = ways.size();
  return made;
}

std::string in_words(const variant& how) {
  return row_name("", 0, how).substr(std::string("/0/").size());
}

void add_row(table& rows, const std::string& name, const contest& made) {
  rows.add({name, in_words(made.choice), fmt::format("{:.0f} %", 100 * made.confidence), in_words(made.best),
            fmt::format("{:.3f}", made.over_best.middle), duration_text(made.search_seconds),
            duration_text(made.sweep_seconds),
            fmt::format("{:.3f}", made.search_seconds / made.sweep_seconds)});
}

void add_claims(nlohmann::ordered_json& report, const std::string& name, const contest& made) {
  nlohmann::ordered_json choice =
      json_row({"--tune, " + name + " loop: time of its choice over the best of all ways", made.over_best.middle,
                choice_bar});
  choice["low"] = made.over_best.low;
  choice["high"] = made.over_best.high;
  report.push_back(choice);
  report.push_back(json_row({"--tune, " + name + " loop: its time over that of measuring all ways",
                             made.search_seconds / made.sweep_seconds, time_bar}));
}

int run(const settings& how) {
  std::vector<kernel_family> asked = loops_of_five_kinds();
  std::erase_if(
      asked, [&how](const kernel_family& each) { return each.name.find(how.filter) == std::string::npos; });
  if (asked.empty()) {
    std::cerr << "no loop's name contains '" << how.filter << "'\n";
    return wrong_use;
  }
  report_file file(how.json);
  table rows({{"loop"},
              {"chosen"},
              {"sure", true},
              {"best of all"},
              {"over it", true},
              {"search", true},
              {"all", true},
              {"of it", true}});
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  {
    progress line(static_cast<int>(asked.size()));
    for (const kernel_family& each : asked) {
      line.begin(each.name);
      const contest made = held(each);
      add_row(rows, each.name, made);
      add_claims(report, each.name, made);
    }
  }
  rows.print(std::cout);
  file.write(report);
  return std::ranges::all_of(report, [](const auto& row) { return row["holds"]; }) ? 0 : falls_short;
}

int run_as_told(int argc, char** argv) {
  settings how;
  CLI::App app("Tunes loops of five kinds, and measures all the ways to run them as well.");
  app.add_option("--json", how.json, "Write the claims to this file");
  app.add_option("--filter", how.filter, "Only the loops whose name contains this text");
  app.footer(footer);
  return parsed_and_run(app, argc, argv, [&how] { return run(how); });
}

}  // namespace

}  // namespace polyloop::bench

int main(int argc, char** argv) {
  return polyloop::bench::run_program("polyloop-tuning", argc, argv, polyloop::bench::run_as_told);
}
