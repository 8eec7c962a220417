#include "suite/tune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "polyloop/context.hpp"
#include "polyloop/tuning.hpp"
#include "support/quiet.hpp"
#include "support/statistics.hpp"

namespace polyloop::bench {

namespace {

constexpr index_t grain_step = 4;
constexpr int worker_step = 2;
constexpr std::size_t always_compared = 2;  // of the candidates: the default, and one worker
constexpr int looks_in_sample = 10;         // at the clock
constexpr double long_seconds = 20e-3;      // of such a run, what the warm-up took is a sample

using clock = std::chrono::steady_clock;

/// Runs loops on the calling thread and keeps the length of the longest that is
/// not inside another.
class loop_lengths final : public backend {
 public:
  std::string_view name() const noexcept override { return "loop lengths"; }
  void run(const loop& work) override {
    const bool inside = std::exchange(inside_, true);
    if (!inside) longest_ = std::max(longest_, work.end - work.begin);
    work.chunk(work.begin, work.end, 0);
    inside_ = inside;
  }
  index_t longest() const { return longest_; }

 private:
  index_t longest_ = 1;
  bool inside_ = false;
};

std::vector<std::string> names_of_compiled() {
  std::vector<std::string> names;
  for (const backend* each : compiled_backends()) names.emplace_back(each->name());
  return names;
}

int all_workers(const std::string& backend) {
  const scoped_context scope{.backend = backend};
  return explain().workers;
}

/// 2, 4, 8, ... and all.
std::vector<int> worker_counts(const std::string& backend) {
  const int most = all_workers(backend);
  std::vector<int> counts;
  for (int count = worker_step; count < most; count *= worker_step) counts.push_back(count);
  if (most > 1) counts.push_back(most);
  return counts;
}

std::vector<schedule> schedules(index_t most_grain) {
  std::vector<schedule> all = {schedule::automatic, schedule::static_()};
  for (index_t grain = 1; grain <= std::max<index_t>(1, most_grain); grain *= grain_step)
    all.insert(all.end(), {schedule::static_(grain), schedule::dynamic(grain), schedule::guided(grain)});
  return all;
}

double seconds_since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

/// Takes samples of ways to run a kernel. Without calibrating them: most
/// candidates are not measured often enough to be worth it.
class stopwatch {
 public:
  stopwatch(const instance& which, double sample_seconds) : which_(which), sample_seconds_(sample_seconds) {}

  /// Seconds for one run, of a sample that lasts about so long.
  double sample(const variant& how) {
    const bool own_workers_awake = how.backend == last_.backend && how.workers >= last_.workers;
    if (!own_workers_awake) wait_until_quiet();
    last_ = how;
    const subject what = subject_of(which_, how);
    const double once = warm_up(what);
    return once > long_seconds ? once : mean_of_runs(what, once);
  }

 private:
  double mean_of_runs(const subject& what, double once) const {
    const auto batch =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(sample_seconds_ / looks_in_sample / once));
    std::int64_t runs = 0;
    double spent = 0;
    for (const auto start = clock::now(); spent < sample_seconds_; spent = seconds_since(start)) {
      what.run(batch);
      runs += batch;
    }
    return spent / static_cast<double>(runs);
  }

  const instance& which_;
  double sample_seconds_;
  variant last_;
};

std::string comment_of(const tuned_kernel& found) {
  const std::string name = fmt::format("# {}/{}: ", found.kernel, found.size);
  if (!found.worthwhile()) return name + "nothing is faster than the default\n";
  return name + fmt::format("the default takes {:.2f} ({:.2f} to {:.2f}) times as long\n", found.gain.middle,
                            found.gain.low, found.gain.high);
}

}  // namespace

index_t longest_loop(const kernel& which) {
  loop_lengths lengths;
  // Two workers and a schedule of its own, or the loop might not come to the backend.
  const scoped_context scope{.backend = lengths, .workers = 2, .oversubscribe = true};
  which.run({.schedule = schedule::dynamic()});
  return lengths.longest();
}

std::vector<variant> tuning_candidates(index_t iterations, const std::vector<std::string>& backends) {
  const std::vector<std::string> names = backends.empty() ? names_of_compiled() : backends;
  std::vector<variant> ways = {{.backend = names.front(), .workers = all_workers(names.front())}};
  const auto add = [&ways](const variant& way) {
    if (std::ranges::find(ways, way) == ways.end()) ways.push_back(way);
  };
  add({.backend = names.front(), .workers = 1});
  for (const std::string& backend : names)
    for (const int workers : worker_counts(backend))
      for (const schedule& how : schedules(iterations / workers)) add({backend, workers, how});
  return ways;
}

tuned_kernel tune(const instance& which, const std::vector<variant>& candidates, double sample_seconds) {
  stopwatch timer(which, sample_seconds);
  const finding found =
      search(candidates.size(), [&](std::size_t each) { return timer.sample(candidates[each]); },
             {.kept = always_compared});

  const samples& best = found.taken[found.best];
  tuned_kernel tuned{.kernel = which.name, .size = which.size, .best = candidates[found.best]};
  tuned.seconds = median(best);
  tuned.confidence = found.confidence;
  tuned.gain = paired_ratio(found.taken.front(), best);
  tuned.candidates = candidates.size();
  for (const samples& each : found.taken) tuned.measurements += each.size();
  return tuned;
}

std::string tuning_text(const std::vector<tuned_kernel>& found) {
  std::string text =
      "# Found by --tune; polyloop::load_tuning() or POLYLOOP_TUNING has programs follow it.\n";
  for (const tuned_kernel& each : found) {
    text += comment_of(each);
    if (!each.worthwhile()) continue;
    tuning line;
    line.set(each.kernel, {each.best.workers, each.best.schedule, each.best.backend});
    text += format_tuning(line);
  }
  return text;
}

}  // namespace polyloop::bench
