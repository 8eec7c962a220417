#include "suite/rounds.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

#include "suite/result.hpp"
#include "support/quiet.hpp"

namespace polyloop::bench {

namespace {

using google_run = benchmark::BenchmarkReporter::Run;
using clock = std::chrono::steady_clock;

constexpr double very_long_seconds = 20e-3;  // beside such a run, waking the workers is nothing

/// A contender as it is registered with Google Benchmark.
class timed {
 public:
  timed(const contender& who, double sample_seconds)
      : code_(who.which->code), what_(subject_of(*who.which, who.how)), name_(who.name()) {
    wait_until_quiet();
    shortest_ = warm_up(what_);
    repeats_ = repeats_that_last(what_, shortest_, sample_seconds);
  }

  const std::string& name() const { return name_; }

  void enlist(int& awake) {
    benchmark::RegisterBenchmark(name_.c_str(),
                                 [this, &awake](benchmark::State& state) { run(state, awake); })
        ->Iterations(repeats_)
        ->Repetitions(1)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
  }

 private:
  /// `awake` is how many threads may still be awake from the one before.
  void run(benchmark::State& state, int& awake) const {
    if (awake > 1) wait_until_quiet();
    if (shortest_ < very_long_seconds) warm_up(what_);
    awake = what_.workers;
    while (state.KeepRunningBatch(state.max_iterations)) what_.run(state.max_iterations);
    count(state);
  }

  void count(benchmark::State& state) const {
    using benchmark::Counter;
    const auto rate = Counter::kIsIterationInvariantRate;
    if (code_.bytes > 0) state.counters["bytes_per_second"] = Counter(code_.bytes, rate);
    if (code_.operations > 0) state.counters["operations_per_second"] = Counter(code_.operations, rate);
  }

  const kernel& code_;
  subject what_;
  std::string name_;
  double shortest_ = 0;
  std::int64_t repeats_ = 0;
};

/// Takes what Google Benchmark reports of a round.
class collector : public benchmark::BenchmarkReporter {
 public:
  explicit collector(const std::vector<timed>& all) : taken_(all.size()) {
    for (const timed& each : all) place_.emplace(each.name(), place_.size());
  }

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& each : runs) take(each);
  }

  std::vector<repetitions> taken() {
    for (repetitions& each : taken_)
      for (google_run& one : each) one.repetitions = static_cast<std::int64_t>(each.size());
    return std::move(taken_);
  }

 private:
  /// Without the parts of the name that only say how we made use of it.
  void take(Run one) {
    const std::size_t at = place_.at(one.run_name.function_name);
    const std::string name = one.run_name.function_name;
    one.run_name = {};
    one.run_name.function_name = name;
    one.repetition_index = static_cast<std::int64_t>(taken_[at].size());
    one.per_family_instance_index = 0;
    taken_[at].push_back(std::move(one));
  }

  std::map<std::string, std::size_t> place_;
  std::vector<repetitions> taken_;
};

double seconds_since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

}  // namespace

std::string contender::name() const {
  return row_name(which->name, which->size, how);
}

std::vector<repetitions> measure_rounds(const std::vector<contender>& contenders, const plan& how) {
  int awake = 2;  // nothing is known of what ran before
  std::vector<timed> all;
  for (const contender& each : contenders) all.emplace_back(each, how.sample_seconds);
  benchmark::ClearRegisteredBenchmarks();
  for (timed& each : all) each.enlist(awake);

  collector takes(all);
  const auto start = clock::now();
  for (int round = 0; round < how.most_rounds; ++round) {
    if (round >= how.least_rounds && seconds_since(start) > how.budget_seconds) break;
    benchmark::RunSpecifiedBenchmarks(&takes, ".");
  }
  benchmark::ClearRegisteredBenchmarks();
  return takes.taken();
}

samples samples_of(const repetitions& of) {
  samples seconds;
  for (const google_run& each : of)
    seconds.push_back(each.real_accumulated_time / static_cast<double>(each.iterations));
  return seconds;
}

}  // namespace polyloop::bench
