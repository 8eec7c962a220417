#pragma once

#include <string>
#include <utility>
#include <vector>

#include "polyloop/context.hpp"
#include "support/measure.hpp"
#include "support/statistics.hpp"
#include "tables/loop_set.hpp"

namespace polyloop::bench::tables {

/// A way to run the loops, as a row of a table.
struct variant {
  enum class kind { plain, raw, raw_dynamic, ours };

  std::string name;
  kind what = kind::plain;
  const loop_set* loops = nullptr;
  std::string backend = {};  // of ours
  int workers = 1;

  bool is_ours() const { return what == kind::ours; }
  /// One of those that ours are held against: not OpenMP's dynamic schedule,
  /// and for a serial loop of ours only the plain one.
  bool rivals(const variant& our) const {
    return what == kind::plain || (what == kind::raw && our.workers > 1);
  }

  /// call() in the scope of the variant.
  template <class Call>
  void enter(const Call& call) const {
    loops->use_workers(workers);
    if (is_ours()) {
      const scoped_context scope{.backend = backend, .workers = workers};
      call();
    } else {
      call();
    }
  }
};

/// The plain loop, the raw ones and ours, for the backends that are compiled
/// in; of ours only `backend` unless that is empty.
std::vector<variant> all_variants(const std::string& backend);

/// Without OpenMP's dynamic schedule, which needs minutes for a loop of 1e8.
std::vector<variant> without_dynamic(std::vector<variant> of);

/// A subject that makes call(loops) in the scope of the variant.
template <class Call>
subject subject_of(const variant& one, Call call) {
  const auto run = [one, calls = repeated([call, loops = one.loops] { call(*loops); })](
                       std::int64_t repeats) { one.enter([&] { calls(repeats); }); };
  return {run, one.workers};
}

template <class Call>
std::vector<subject> subjects_of(const std::vector<variant>& variants, const Call& call) {
  std::vector<subject> all;
  for (const variant& each : variants) all.push_back(subject_of(each, call));
  return all;
}

std::vector<double> medians(const std::vector<samples>& of);

/// The least of the times of those that variant `our` is held against.
double best_rival(const std::vector<variant>& variants, const std::vector<double>& seconds,
                  const variant& our);

/// The time of call(loops) over that of the plain loop shared by all workers of
/// the variant, round by round: the median for each.
template <class Call>
std::vector<double> over_ideal(const std::vector<variant>& variants, bool quick, const Call& call) {
  const plan how{.most_rounds = quick ? 5 : 21, .least_rounds = 5, .budget_seconds = 15};
  const std::vector<samples> taken = measure_in_turn(subjects_of(variants, call), how);
  std::vector<double> quotients;
  for (std::size_t i = 0; i < variants.size(); ++i)
    quotients.push_back(median(ratios(taken[i], taken[0])) * variants[i].workers);
  return quotients;
}

/// How many units of work make call(units) take so long.
index_t calibrated(void (*call)(index_t units), double seconds);
/// The same for a plain loop of n iterations.
index_t units_of_even(index_t n, double seconds);

}  // namespace polyloop::bench::tables
