#include "suite/google_report.hpp"

#include <cmath>
#include <memory>
#include <numeric>
#include <sstream>

#include "support/statistics.hpp"

namespace polyloop::bench {

namespace {

using google_run = benchmark::BenchmarkReporter::Run;

double mean(const samples& of) {
  return std::accumulate(of.begin(), of.end(), 0.0) / static_cast<double>(of.size());
}

double standard_deviation(const samples& of) {
  double squares = 0;
  for (const double each : of) squares += (each - mean(of)) * (each - mean(of));
  return of.size() < 2 ? 0 : std::sqrt(squares / static_cast<double>(of.size() - 1));
}

double coefficient_of_variation(const samples& of) {
  return standard_deviation(of) / mean(of);
}

samples cpu_samples_of(const repetitions& of) {
  samples seconds;
  for (const google_run& each : of)
    seconds.push_back(each.cpu_accumulated_time / static_cast<double>(each.iterations));
  return seconds;
}

using statistic = double (*)(const samples&);

/// A line of Google Benchmark's that summarises; it divides times, not parts of a whole, by the iterations.
google_run aggregate(const repetitions& of, const std::string& name, statistic value, bool is_time) {
  google_run made = of.front();
  made.run_type = google_run::RT_Aggregate;
  made.aggregate_name = name;
  made.aggregate_unit = is_time ? benchmark::kTime : benchmark::kPercentage;
  made.repetition_index = google_run::no_repetition_index;
  made.iterations = static_cast<benchmark::IterationCount>(of.size());
  made.counters.clear();
  const double scale = is_time ? static_cast<double>(of.size()) : 1;
  made.real_accumulated_time = scale * value(samples_of(of));
  made.cpu_accumulated_time = scale * value(cpu_samples_of(of));
  return made;
}

repetitions with_aggregates(const repetitions& of, bool aggregates_only) {
  repetitions all = aggregates_only ? repetitions{} : of;
  all.push_back(aggregate(of, "mean", mean, true));
  all.push_back(aggregate(
      of, "median", [](const samples& s) { return median(s); }, true));
  all.push_back(aggregate(of, "stddev", standard_deviation, true));
  all.push_back(aggregate(of, "cv", coefficient_of_variation, false));
  return all;
}

/// Each row is a family of its own: Google's tools sort by its number.
repetitions numbered(repetitions of, std::size_t family) {
  for (google_run& each : of) each.family_index = static_cast<std::int64_t>(family);
  return of;
}

std::unique_ptr<benchmark::BenchmarkReporter> reporter_for(google_form form) {
  using benchmark::ConsoleReporter;
  if (form == google_form::json) return std::make_unique<benchmark::JSONReporter>();
  if (form == google_form::console) return std::make_unique<ConsoleReporter>(ConsoleReporter::OO_Tabular);
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // as long as Google Benchmark has it
#endif
  return std::make_unique<benchmark::CSVReporter>();
}

std::size_t longest_name(const std::vector<repetitions>& all) {
  std::size_t longest = 0;
  for (const repetitions& each : all)
    longest = std::max(longest, each.front().benchmark_name().size() + std::string("_median").size());
  return longest;
}

}  // namespace

void write_google_report(std::ostream& out, google_form form, const std::vector<repetitions>& all,
                         bool aggregates_only) {
  const auto reporter = reporter_for(form);
  std::ostringstream written;
  reporter->SetOutputStream(&written);
  std::ostringstream words;  // about the machine, for stderr; the table has its own
  reporter->SetErrorStream(&words);
  benchmark::BenchmarkReporter::Context context;
  context.name_field_width = longest_name(all);
  reporter->ReportContext(context);
  for (std::size_t i = 0; i < all.size(); ++i)
    reporter->ReportRuns(numbered(with_aggregates(all[i], aggregates_only), i));
  reporter->Finalize();
  out << written.str();
}

nlohmann::ordered_json google_json(const std::vector<repetitions>& all, bool aggregates_only) {
  std::ostringstream text;
  write_google_report(text, google_form::json, all, aggregates_only);
  return nlohmann::ordered_json::parse(text.str());
}

}  // namespace polyloop::bench
