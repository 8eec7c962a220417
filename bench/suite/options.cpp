#include "suite/options.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polyloop::bench {

namespace {

// All kernels together, checks and setups not counted.
constexpr double measuring_seconds = 95;
constexpr double quick_seconds = 15;
constexpr int quick_repetitions = 5;
constexpr int least_repetitions = 3;

std::regex compiled(const std::string& text) {
  try {
    return std::regex(text == "all" ? "." : text);
  } catch (const std::regex_error& problem) {
    throw usage_error(
        fmt::format("--benchmark_filter: \"{}\": no regular expression: {}", text, problem.what()));
  }
}

void declare_google(CLI::App& app, options& how) {
  const char* const group = "Google Benchmark's (all others of its flags work as well, see below)";
  const auto forms = CLI::IsMember({"json", "csv", "console"});
  app.add_option("--benchmark_filter", how.filter,
                 "Only what a part of its name matches; -REGEX: all but those")
      ->group(group);
  app.add_flag("--benchmark_list_tests", how.list, "Print the names and stop")->group(group);
  app.add_option("--benchmark_repetitions", how.repetitions, "The most rounds for each kernel")
      ->group(group)
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--benchmark_min_time", how.sample_seconds, "Seconds that a repetition lasts at least")
      ->group(group)
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--benchmark_format", how.format, "Its form on stdout instead of the table")
      ->check(forms)
      ->group(group);
  app.add_option("--benchmark_out", how.out, "Write this file as well")->group(group);
  app.add_option("--benchmark_out_format", how.out_format, "In this form")
      ->check(forms)
      ->capture_default_str()
      ->group(group);
  app.add_flag("--benchmark_display_aggregates_only", how.display_aggregates_only,
               "In its form on stdout only means, medians, deviations")
      ->group(group);
  app.add_flag("--benchmark_report_aggregates_only", how.aggregates_only, "The same in the file as well")
      ->group(group);
}

}  // namespace

plan options::plan_for(std::size_t kernels) const {
  const int rounds = quick ? std::min(repetitions, quick_repetitions) : repetitions;
  const double all = budget_seconds > 0 ? budget_seconds : quick ? quick_seconds : measuring_seconds;
  return {.most_rounds = rounds,
          .least_rounds = std::min(rounds, least_repetitions),
          .sample_seconds = sample_seconds,
          .budget_seconds = all / static_cast<double>(std::max<std::size_t>(kernels, 1))};
}

void declare(CLI::App& app, options& how) {
  app.add_option("--sweep", how.sweep_text,
                 "The ways to run each kernel: workers=1..N,schedule=static,dynamic,grain=1,64");
  app.add_option("--json", how.json,
                 "Write Google Benchmark's JSON and our object \"polyloop\" to this file");
  app.add_option("--baseline", how.baseline, "A file that --json wrote before: which rows are slower now?");
  app.add_option("--threshold", how.threshold, "By how much slower is a regression; 0.02 is 2 %")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 100.0));
  app.add_option("--repetitions", how.repetitions, "The same as --benchmark_repetitions")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--budget", how.budget_seconds,
                 "Seconds for all measurements together, beyond three rounds of each")
      ->check(CLI::PositiveNumber);
  app.add_flag("--quick", how.quick, "Few rounds");
  app.add_flag("--no-roofline", how.no_roofline, "Do not measure the machine's limits");
#ifdef POLYLOOP_BENCH_REPORT
  app.add_option("--report", how.report, "Write a page with charts to this file");
#endif
  declare_google(app, how);
}

name_filter::name_filter(const std::string& text)
    : negative_(text.starts_with('-')), pattern_(compiled(negative_ ? text.substr(1) : text)) {}

}  // namespace polyloop::bench
