#include "tables/variant.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "polyloop/backend.hpp"
#include "support/statistics.hpp"

namespace polyloop::bench::tables {

namespace {

using clock = std::chrono::steady_clock;
using kind = variant::kind;

constexpr double shortest_sample = 100e-6;
constexpr int calibration_samples = 5;
constexpr int calibration_steps = 12;

int all_workers_of(const std::string& backend) {
  const scoped_context scope{.backend = backend};
  return explain().workers;
}

int workers_of_raw() {
  int most = 1;
  for (const backend* each : compiled_backends())
    most = std::max(most, all_workers_of(std::string(each->name())));
  return most;
}

/// The shortest of several: what else the machine does only makes it longer.
template <class Call>
double shortest_time(const Call& call) {
  double shortest = std::numeric_limits<double>::infinity();
  std::int64_t repeats = 1;
  for (int taken = 0; taken < calibration_samples; ++taken) {
    const auto start = clock::now();
    for (std::int64_t i = 0; i < repeats; ++i) call();
    const std::chrono::duration<double> spent = clock::now() - start;
    shortest = std::min(shortest, spent.count() / static_cast<double>(repeats));
    if (spent.count() < shortest_sample) repeats *= 10, taken = -1;
  }
  return shortest;
}

template <class Call>
index_t units_that_last(const Call& call, double seconds) {
  double units = 1;
  for (int step = 0; step < calibration_steps; ++step) {
    const double time = shortest_time([&] { call(static_cast<index_t>(units)); });
    if (std::abs(time / seconds - 1) < 0.02) break;
    units = std::max(1.0, std::round(units * std::min(seconds / time, 10.0)));
  }
  return static_cast<index_t>(units);
}

}  // namespace

std::vector<variant> all_variants(const std::string& backend) {
  std::vector<variant> all = {{"plain loop", kind::plain, &plain_loops}};
  [[maybe_unused]] const int workers = workers_of_raw();
#ifdef POLYLOOP_BENCH_TBB
  all.push_back({"raw TBB auto", kind::raw, &tbb_auto_loops, "", workers});
  all.push_back({"raw TBB static", kind::raw, &tbb_static_loops, "", workers});
#endif
#ifdef POLYLOOP_BENCH_OPENMP
  all.push_back({"raw OpenMP static", kind::raw, &openmp_static_loops, "", workers});
  all.push_back({"raw OpenMP dynamic", kind::raw_dynamic, &openmp_dynamic_loops, "", workers});
#endif
  for (const polyloop::backend* each : compiled_backends()) {
    const std::string name(each->name());
    if (backend.empty() || backend == name)
      all.push_back({"ours, " + name, kind::ours, &our_loops, name, all_workers_of(name)});
  }
  return all;
}

std::vector<variant> without_dynamic(std::vector<variant> of) {
  std::erase_if(of, [](const variant& each) { return each.what == kind::raw_dynamic; });
  return of;
}

std::vector<double> medians(const std::vector<samples>& of) {
  std::vector<double> middle;
  for (const samples& each : of) middle.push_back(median(each));
  return middle;
}

double best_rival(const std::vector<variant>& variants, const std::vector<double>& seconds,
                  const variant& our) {
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < variants.size(); ++i)
    if (variants[i].rivals(our)) best = std::min(best, seconds[i]);
  return best;
}

index_t calibrated(void (*call)(index_t units), double seconds) {
  return units_that_last(call, seconds);
}

index_t units_of_even(index_t n, double seconds) {
  return units_that_last([n](index_t units) { plain_loops.even(n, units); }, seconds);
}

}  // namespace polyloop::bench::tables
