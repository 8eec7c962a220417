/// polyloop-compare: the kernels on every backend, beside the same kernels by hand.

#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "compare/cases.hpp"
#include "compare/inputs.hpp"
#include "compare/run_case.hpp"
#include "polyloop/context.hpp"
#include "support/arguments.hpp"
#include "support/checksum.hpp"
#include "support/progress.hpp"
#include "support/report_file.hpp"
#include "support/table.hpp"

namespace polyloop::bench {

namespace {

constexpr int failed = 1;
constexpr int bad_input = 2;
constexpr int results_differ = 4;

// All cases together: what the default run may take, the checks not counted.
constexpr double measuring_seconds = 80;
constexpr double quick_seconds = 15;
constexpr index_t number_count = 20'000'000;
constexpr index_t quick_number_count = 2'000'000;

constexpr const char* footer =
    "Each line is a median over rounds in which every variant of the kernel is timed once,\n"
    "in an order that is shuffled with a fixed seed. The spread is half the distance between\n"
    "the quartiles; speed-up is over the serial backend, ratio to raw is ours over the same\n"
    "kernel by hand (oneTBB, OpenMP, a plain loop), in time; below 1 ours is faster.\n"
    "examples:\n"
    "  polyloop-compare\n"
    "  polyloop-compare --quick --json compare.json\n"
    "  polyloop-compare --video clip.y4m --video-label 'real: clip.y4m'\n"
    "  polyloop-compare --video photograph.y4m --pan\n"
    "  polyloop-compare --csv sales.csv --csv-key region --csv-value amount\n"
    "  polyloop-compare --csv shop.csv --csv-key Country --csv-value 'Quantity*UnitPrice'\n"
    "status: 0 all backends agree; 1 the run failed; 2 wrong use, or a file that cannot be used;\n"
    "  4 a result differs between backends or numbers of workers";

std::vector<kernel_case> all_cases(const settings& how) {
  const std::shared_ptr<const clip> video = load_clip(how);
  const std::shared_ptr<const csv_input> csv = load_csv(how);
  std::vector<kernel_case> all;
  add_frame_cases(video, all);
  add_number_cases(how.quick ? quick_number_count : number_count, all);
  add_table_cases(csv, all);
  return all;
}

plan plan_for(const settings& how, std::size_t cases) {
  const int rounds = how.quick ? std::min(how.repetitions, 3) : how.repetitions;
  return {.most_rounds = rounds,
          .least_rounds = std::min(rounds, 3),
          .budget_seconds = (how.quick ? quick_seconds : measuring_seconds) / static_cast<double>(cases)};
}

void add_row(table& rows, const comparison& line) {
  rows.add({line.kernel, line.input, line.backend, std::to_string(line.workers), duration_text(line.seconds),
            fmt::format("{:.1f} %", 100 * line.spread), fmt::format("{:.2f}", line.speed_up),
            line.raw_seconds > 0 ? fmt::format("{:.2f}", line.ratio) : "-", hexadecimal(line.hash)});
}

nlohmann::ordered_json json_row(const comparison& line) {
  return {{"kernel", line.kernel},
          {"input", line.input},
          {"backend", line.backend},
          {"workers", line.workers},
          {"seconds", line.seconds},
          {"spread", line.spread},
          {"speedup_over_serial", line.speed_up},
          {"seconds_raw", line.raw_seconds},
          {"ratio_to_raw", line.ratio},
          {"checksum", hexadecimal(line.hash)},
          {"rounds", line.rounds}};
}

int run(const settings& how) {
  report_file file(how.json);
  const std::vector<kernel_case> cases = all_cases(how);
  table rows({{"kernel"},
              {"input"},
              {"backend"},
              {"workers", true},
              {"median", true},
              {"spread", true},
              {"speed-up over serial", true},
              {"ratio to raw", true},
              {"checksum"}});
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  {
    progress line(static_cast<int>(cases.size()));
    for (const kernel_case& each : cases) {
      line.begin(each.kernel);
      for (const comparison& made : run_case(each, plan_for(how, cases.size()))) {
        add_row(rows, made);
        report.push_back(json_row(made));
      }
    }
  }
  rows.print(std::cout);
  file.write(report);
  return 0;
}

void declare(CLI::App& app, settings& how) {
  app.add_option("--video", how.video, "A clip as 4:2:0 y4m; generated without one");
  app.add_flag("--pan", how.pan, "Pan a window over the clip's first frame instead");
  app.add_option("--video-label", how.video_label, "What the table calls the clip");
  app.add_option("--csv", how.csv, "A table with a header line; generated without one");
  app.add_option("--csv-label", how.csv_label, "What the table calls it");
  app.add_option("--csv-key", how.csv_key, "The column to group by")->capture_default_str();
  app.add_option("--csv-value", how.csv_value, "The column to aggregate, or two: A*B")->capture_default_str();
  app.add_option("--json", how.json, "Write the table to this file as well");
  app.add_option("--repetitions", how.repetitions, "The most rounds for each kernel")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  app.add_flag("--quick", how.quick, "Few rounds on small input");
  app.footer(footer);
}

int run_as_told(int argc, char** argv) {
  settings how;
  CLI::App app("Runs every kernel on every backend at one and at all workers, and compares.");
  declare(app, how);
  return parsed_and_run(app, argc, argv, [&how] { return run(how); });
}

int guarded(int argc, char** argv) {
  const auto say = [](const std::exception& problem, int status) {
    std::cerr << "polyloop-compare: " << problem.what() << '\n';
    return status;
  };
  try {
    return run_as_told(argc, argv);
  } catch (const input_error& problem) {
    return say(problem, bad_input);
  } catch (const std::system_error& problem) {  // the report
    return say(problem, bad_input);
  } catch (const different_results& problem) {
    return say(problem, results_differ);
  } catch (const std::exception& problem) {
    return say(problem, failed);
  }
}

}  // namespace

}  // namespace polyloop::bench

int main(int argc, char** argv) {
  return polyloop::bench::guarded(argc, argv);
}
