#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>
#include <system_error>

#include "suite/baseline.hpp"
#include "suite/google_report.hpp"
#include "suite/measure_rows.hpp"
#include "suite/options.hpp"
#include "suite/registry.hpp"
#include "suite/results.hpp"
#include "suite/show.hpp"
#include "support/arguments.hpp"
#include "support/input.hpp"
#include "support/progress.hpp"
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

/// A kernel at a size, and the ways of it that are wanted.
struct task {
  const kernel_family* family;
  index_t size;
};

class suite_run {
 public:
  suite_run(const options& how, const extension& more)
      : how_(how), more_(more), wanted_(how.filter), ours_(our_variants(sweep_of(how))) {
    ways_ = ours_;
    for (const variant& each : raw_variants(ours_)) ways_.push_back(each);
    for (const kernel_family& each : all_kernels())
      for (const index_t size : each.sizes)
        if (!wanted_ways(each.name, size).empty()) tasks_.push_back({&each, size});
  }

  void list(std::ostream& out) const {
    for (const task& each : tasks_)
      for (const variant& way : wanted_ways(each.family->name, each.size))
        if (!way.raw) out << row_name(each.family->name, each.size, way) << '\n';
  }

  bool empty() const { return tasks_.empty(); }

  results measured() {
    results all{.where = this_environment()};
    noise_watch watch;
    progress line(static_cast<int>(tasks_.size()) + 2);
    line.begin("the machine's limits");
    if (!how_.no_roofline) all.roof = measure_roofline(worker_counts());
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (i == tasks_.size() / 2) watch.look();
      line.begin(fmt::format("{}/{}", tasks_[i].family->name, tasks_[i].size));
      measure(tasks_[i], all);
    }
    line.begin("launches");
    if (more_.launch) all.launches = measure_launches({"launch", 0, more_.launch()}, ours_);
    watch.look();
    all.warnings = warnings_of(watch.seen());
    return all;
  }

 private:
  static sweep sweep_of(const options& how) {
    return how.sweep_text.empty() ? sweep{} : parse_sweep(how.sweep_text);
  }

  std::vector<variant> wanted_ways(const std::string& kernel, index_t size) const {
    std::vector<variant> those;
    for (const variant& each : ways_)
      if (wanted_(row_name(kernel, size, each))) those.push_back(each);
    return those;
  }

  std::vector<int> worker_counts() const {
    std::set<int> counts;
    for (const variant& each : ours_) counts.insert(each.workers);
    return {counts.begin(), counts.end()};
  }

  void measure(const task& each, results& all) const {
    const instance which = prepared(*each.family, each.size);
    const std::vector<variant> ways = possible(wanted_ways(which.name, which.size), which.code);
    if (!ways.empty()) measure_rows(which, ways, how_.plan_for(tasks_.size()), all);
  }

  const options& how_;
  const extension& more_;
  name_filter wanted_;
  std::vector<variant> ours_;
  std::vector<variant> ways_;  // ours and by hand
  std::vector<task> tasks_;
};

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
  if (how.list) return suite.list(std::cout), 0;
  const results all = suite.measured();
  if (how.format.empty())
    show(std::cout, all);
  else
    std::cout << in_form(all, how.format, how.aggregates_only);
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
