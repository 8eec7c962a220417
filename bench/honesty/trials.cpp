#include "honesty/trials.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "polyloop/context.hpp"
#include "polyloop/huge_vector.hpp"
#include "polyloop/parallel_for.hpp"
#include "suite/baseline.hpp"
#include "suite/interval.hpp"
#include "suite/options.hpp"
#include "suite/rounds.hpp"
#include "tables/work.hpp"

namespace polyloop::bench::honesty {

namespace {

// One trial: about a second with two contenders, whose turns take some 10 ms each.
const plan paired_plan{.most_rounds = 50, .least_rounds = 10, .sample_seconds = 1e-3, .budget_seconds = 1};
const plan alone_plan{.most_rounds = 50, .least_rounds = 10, .sample_seconds = 1e-3, .budget_seconds = 0.5};

/// A kernel of which a factor tells how much work it is.
using maker = instance (*)(double factor);

kernel running(const std::function<void(const loop_options&)>& run) {
  kernel made;
  made.run = run;
  return made;
}

instance computing(double factor) {
  const auto units = static_cast<index_t>(2000 * factor);
  return {"computing", 1, running([units](const loop_options& how) {
            parallel_for(
                index_t{200}, [units](index_t) { tables::work(units); }, how);
          })};
}

instance uneven(double factor) {
  return {
      "uneven", 1, running([factor](const loop_options& how) {
        parallel_for(
            index_t{200},
            [factor](index_t i) { tables::work(static_cast<index_t>(factor * static_cast<double>(20 * i))); },
            how);
      })};
}

/// Streams through memory; the same arrays whatever the factor.
instance streaming(double factor) {
  static const auto x = std::make_shared<huge_vector<double>>(2'000'000, 1.0);
  static const auto y = std::make_shared<huge_vector<double>>(2'000'000, 1.0);
  const auto n = static_cast<index_t>(1'800'000 * factor);
  return {"streaming", 1, running([n](const loop_options& how) {
            parallel_for(
                n, [in = x->data(), out = y->data()](index_t i) { out[i] = out[i] + 1e-9 * in[i]; }, how);
          })};
}

/// The same in a cache.
instance cached(double factor) {
  static const auto x = std::make_shared<huge_vector<double>>(20'000, 1.0);
  static const auto y = std::make_shared<huge_vector<double>>(20'000, 1.0);
  const auto n = static_cast<index_t>(18'000 * factor);
  return {"cached", 1, running([n](const loop_options& how) {
            parallel_for(
                n, [in = x->data(), out = y->data()](index_t i) { out[i] = out[i] + 1e-9 * in[i]; }, how);
          })};
}

// The last two scatter more than 5 % where others share the memory: a second is too
// short to see so little of them, and long enough to claim it wrongly.
constexpr maker steady_makers[] = {computing, uneven};
constexpr maker all_makers[] = {computing, uneven, streaming, cached};

/// The kernel of a trial, and whether it is run by one worker or by all.
struct subject_of_trial {
  maker make;
  variant how;
};

subject_of_trial chosen(std::span<const maker> makers, int trial) {
  const auto number = static_cast<std::size_t>(trial);
  const explanation here = explain();
  const bool alone = number / makers.size() % 2 == 0;
  return {makers[number % makers.size()], {.backend = here.backend, .workers = alone ? 1 : here.workers}};
}

row measured(const instance& which, const variant& how) {
  const contender alone{&which, how};
  row made{.name = alone.name()};
  made.taken = samples_of(measure_rounds({alone}, alone_plan).front());
  return made;
}

bool flagged(const subject_of_trial& one, double factor) {
  const row before = measured(one.make(1), one.how);
  const row now = measured(one.make(factor), one.how);
  return compare_rows({now}, {before}).changes.front().is_regression(options{}.threshold);
}

}  // namespace

void prepare() {
  initialize_google("polyloop-honesty", {});
}

bool equals_look_equal(int trial) {
  const auto [make, how] = chosen(all_makers, trial);
  const instance one = make(1);
  instance other = one;
  other.name += " again";
  const std::vector<repetitions> taken = measure_rounds({{&one, how}, {&other, how}}, paired_plan);
  return paired_ratio(samples_of(taken[0]), samples_of(taken[1])).contains(1);
}

bool slower_is_flagged(int trial) {
  return flagged(chosen(steady_makers, trial), 1.05);
}

bool unchanged_is_flagged(int trial) {
  return flagged(chosen(all_makers, trial), 1);
}

}  // namespace polyloop::bench::honesty
