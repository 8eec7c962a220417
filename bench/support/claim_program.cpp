#include "support/claim_program.hpp"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "support/arguments.hpp"
#include "support/progress.hpp"
#include "support/report_file.hpp"

namespace polyloop::bench {

namespace {

struct settings {
  std::string json;
  std::string only;
};

void print(const claim& made) {
  fmt::print("{}: {:.3f} {} ({} {:.2f}): {}\n", made.text, made.measured, made.unit, made.direction(),
             made.bar, made.verdict());
}

int run(std::span<const claim_entry> entries, const settings& how) {
  report_file file(how.json);
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  bool all_hold = true;
  progress line(static_cast<int>(entries.size()));
  for (const claim_entry& each : entries) {
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

}  // namespace

int run_claim_program(const claim_program& what, int argc, char** argv) {
  return run_program(what.name, argc, argv, [&what](int count, char** words) {
    settings how;
    CLI::App app(what.description);
    app.add_option("--json", how.json, "Write the rows to this file as well");
    app.add_option("--only", how.only,
                   fmt::format("Only the claims of this thing, such as {}", what.entries[0].name));
    app.footer(fmt::format(
        "examples:\n"
        "  {0}\n"
        "  {0} --only {1} --json {1}.json\n"
        "status: 0 all claims hold; 1 one falls short; 2 wrong use, or the report cannot be written",
        what.name, what.entries[0].name));
    return parsed_and_run(app, count, words, [&] { return run(what.entries, how); });
  });
}

}  // namespace polyloop::bench
