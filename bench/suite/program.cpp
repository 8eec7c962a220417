#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <optional>
#include <sstream>
#include <system_error>

#include "suite/baseline.hpp"
#include "suite/google_report.hpp"
#include "suite/options.hpp"
#include "suite/registry.hpp"
#include "suite/results.hpp"
#include "suite/show.hpp"
#include "suite/suite_run.hpp"
#include "support/arguments.hpp"
#include "support/input.hpp"
#include "support/report_file.hpp"

#ifdef POLYLOOP_BENCH_REPORT
#include "report/report.hpp"
#endif

namespace polyloop::bench {

namespace {

constexpr int failed = 1;
constexpr int results_wrong = 4;
constexpr int slower_than_baseline = 5;

constexpr const char* common_footer =
    "Each time is a median over rounds; in a round every way to run the kernel is timed once, in an order\n"
    "drawn by lot. speed-up is over our loop on the serial backend; time over raw is ours over the same "
    "kernel\n"
    "by hand; both with their 99 % interval. Of the roof: how near to what the machine can do.\n"
    "status: 0 done; 1 the run failed; 2 wrong use, or a file that cannot be used; 4 a result is wrong, or "
    "differs\n"
    "  between backends or numbers of workers; 5 slower than the baseline\n";

google_form form_of(const std::string& name) {
  return name == "json" ? google_form::json : name == "csv" ? google_form::csv : google_form::console;
}

std::string in_form(const results& all, const std::string& form, bool aggregates_only) {
  if (form == "json") return document_of(all, aggregates_only).dump(2) + '\n';
  std::ostringstream text;
  write_google_report(text, form_of(form), all.runs, aggregates_only);
  return text.str();
}

/// The files of a run, opened before it begins.
class outputs {
 public:
  explicit outputs(const options& how) : how_(how), json_(how.json), google_(how.out), report_(how.report) {}

  void write(const results& all) {
    json_.write(in_form(all, "json", false));
    google_.write(in_form(all, how_.out_format, how_.aggregates_only));
#ifdef POLYLOOP_BENCH_REPORT
    if (!how_.report.empty()) report_.write(report_page(document_of(all)));
#endif
  }

 private:
  const options& how_;
  report_file json_;
  report_file google_;
  report_file report_;
};

int verdict_on(const results& all, const std::optional<std::vector<row>>& before, const options& how) {
  std::size_t slower = 0;
  std::ostream& out = how.format.empty() ? std::cout : std::cerr;
  if (before) slower = show(out, compare_rows(all.rows, *before), how.threshold);
  for (const std::string& problem : all.wrong_results) std::cerr << problem << '\n';
  if (!all.wrong_results.empty()) return results_wrong;
  return slower > 0 ? slower_than_baseline : 0;
}

int run(const options& how, const extension& more) {
  for (const std::string& problem : refused_kernels())
    throw std::logic_error("a kernel was refused: " + problem);
  outputs files(how);
  std::optional<std::vector<row>> before;
  if (!how.baseline.empty()) before = read_rows(how.baseline);
  more.add_kernels(how);
  suite_run suite(how, more);
  if (suite.empty()) throw usage_error(fmt::format("--benchmark_filter: nothing matches \"{}\"", how.filter));
  if (how.list) {
    for (const std::string& name : suite.names()) std::cout << name << '\n';
    return 0;
  }
  const results all = suite.measured();
  if (how.format.empty())
    show(std::cout, all);
  else
    std::cout << in_form(all, how.format, how.aggregates_only || how.display_aggregates_only);
  files.write(all);
  return verdict_on(all, before, how);
}

int run_as_told(int argc, char** argv, const extension& more) {
  options how;
  bool help = false;
  CLI::App app(more.description);
  app.set_help_flag();
  app.add_flag("-h,--help", help, "Print this and stop");
  declare(app, how);
  more.declare(app);
  app.footer(more.footer + common_footer);
  app.allow_extras();
  return parsed_and_run(app, argc, argv, [&] {
    if (help) {
      std::cout << app.help() << '\n';
      benchmark::PrintDefaultHelp();
      return 0;
    }
    return initialize_google(argv[0], app.remaining()) ? run(how, more) : wrong_use;
  });
}

}  // namespace

bool initialize_google(const std::string& program, const std::vector<std::string>& rest) {
  static std::vector<std::string> words;  // Google Benchmark keeps a pointer to the first
  words = {program, "--benchmark_enable_random_interleaving=true"};
  words.insert(words.end(), rest.begin(), rest.end());
  std::vector<char*> pointers;
  for (std::string& each : words) pointers.push_back(each.data());
  int count = static_cast<int>(pointers.size());
  pointers.push_back(nullptr);
  benchmark::Initialize(&count, pointers.data());
  return !benchmark::ReportUnrecognizedArguments(count, pointers.data());
}

int run_suite(int argc, char** argv, const extension& more) {
  const auto say = [argv](const std::exception& problem, int status) {
    std::cerr << argv[0] << ": " << problem.what() << '\n';
    return status;
  };
  try {
    return run_as_told(argc, argv, more);
  } catch (const input_error& problem) {
    return say(problem, wrong_use);
  } catch (const usage_error& problem) {
    return say(problem, wrong_use);
  } catch (const std::system_error& problem) {  // a file of results
    return say(problem, wrong_use);
  } catch (const std::exception& problem) {
    return say(problem, failed);
  }
}

int run_suite(int argc, char** argv) {
  return run_suite(argc, argv, extension{});
}

}  // namespace polyloop::bench
