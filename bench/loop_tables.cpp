/// polyloop-loop-tables: loops in every awkward situation, beside raw TBB, raw
/// OpenMP and the plain loop.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "polyloop/backend.hpp"
#include "polyloop/context.hpp"
#include "support/arguments.hpp"
#include "support/claim.hpp"
#include "support/report_file.hpp"
#include "tables/busy_process.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

struct named_table {
  const char* name;
  claims (*measure)(const settings& how);
};
constexpr named_table tables[] = {
    {"small", small_table},   {"gaps", gaps_table},       {"imbalance", imbalance_table},
    {"nested", nested_table}, {"callers", callers_table}, {"memory", memory_table},
    {"idle", idle_table},
};

constexpr const char* footer =
    "tables: small, gaps, imbalance, nested, callers, memory, idle\n"
    "examples:\n"
    "  polyloop-loop-tables --quick\n"
    "  polyloop-loop-tables --table gaps --busy --backend openmp\n"
    "  polyloop-loop-tables --json tables.json\n"
    "status: 0 all claims hold; 1 one falls short; 2 wrong use, or the report cannot be written";

bool asked_for(const settings& how, const std::string& name) {
  return how.tables.empty() || std::find(how.tables.begin(), how.tables.end(), name) != how.tables.end();
}

/// Prints the claims that fall short. Returns how many.
std::size_t print_verdict(const claims& all) {
  std::size_t short_ones = 0;
  for (const claim& each : all) {
    if (each.holds()) continue;
    ++short_ones;
    fmt::print("falls short: {}: {:.3f} {}({} {:.3f})\n", each.text, each.measured,
               each.unit.empty() ? "" : each.unit + ' ', each.direction(), each.bar);
  }
  fmt::print("{} hold, {} fall short\n", all.size() - short_ones, short_ones);
  return short_ones;
}

/// Told before and after: other processes falsify the tables.
void print_free_cores() {
  const int threads = explain().workers;
  fmt::print("cores: {} threads compute at once in {:.2f} of the time of one\n\n", threads,
             time_over_one_thread(threads));
}

int run(const settings& how) {
  report_file file(how.json);
  print_free_cores();
  // Both fork, so they come first.
  if (asked_for(how, "callers")) count_threads_of_callers(how);
  std::optional<busy_process> beside;
  if (how.busy) beside.emplace();
  claims all;
  for (const named_table& each : tables) {
    if (!asked_for(how, each.name)) continue;
    const claims made = each.measure(how);
    all.insert(all.end(), made.begin(), made.end());
  }
  print_free_cores();
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  for (const claim& each : all) report.push_back(json_row(each));
  file.write(report);
  return print_verdict(all) == 0 ? 0 : falls_short;
}

std::vector<std::string> table_names() {
  std::vector<std::string> names;
  for (const named_table& each : tables) names.emplace_back(each.name);
  return names;
}

std::vector<std::string> backend_names() {
  std::vector<std::string> names;
  for (const backend* each : compiled_backends()) names.emplace_back(each->name());
  return names;
}

int run_as_told(int argc, char** argv) {
  settings how;
  CLI::App app("Times loops in awkward situations beside raw TBB, raw OpenMP and the plain loop.");
  app.add_option("--table", how.tables, "Only this table; may be repeated")
      ->check(CLI::IsMember(table_names()));
  app.add_option("--gap", how.gaps, "Of the gaps, only this; may be repeated")
      ->check(CLI::IsMember({"0", "50 us", "1 ms", "10 ms"}));
  app.add_option("--backend", how.backend, "Of ours, only this backend")
      ->check(CLI::IsMember(backend_names()));
  app.add_flag("--busy", how.busy, "Keep another process busy meanwhile");
  app.add_flag("--quick", how.quick, "Few rounds of everything");
  app.add_option("--json", how.json, "Write the claims to this file as well");
  app.footer(footer);
  return parsed_and_run(app, argc, argv, [&how] { return run(how); });
}

}  // namespace

}  // namespace polyloop::bench::tables

int main(int argc, char** argv) {
  return polyloop::bench::run_program("polyloop-loop-tables", argc, argv, polyloop::bench::tables::run_as_told);
}
