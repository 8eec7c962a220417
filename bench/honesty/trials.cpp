#include "honesty/trials.hpp"

#include <algorithm>
#include <memory>
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

instance small(double factor) {
  static const auto x = std::make_shared<huge_vector<double>>(2'000, 1.0);
  const auto n = static_cast<index_t>(1'800 * factor);
  return {"small", 1, running([n](const loop_options& how) {
            parallel_for(
                n, [at = x->data()](index_t i) { at[i] = 0.5 * at[i] + 1; }, how);
          })};
}

constexpr maker makers[] = {computing, uneven, streaming, small};

maker maker_of(int trial) {
  return makers[static_cast<std::size_t>(trial) % std::size(makers)];
}

/// The default backend at one worker and at all, by turns.
variant way_of(int trial) {
  const explanation here = explain();
  const bool alone = trial / static_cast<int>(std::size(makers)) % 2 == 0;
  return {.backend = here.backend, .workers = alone ? 1 : here.workers};
}

row measured(const instance& which, int trial) {
  const contender alone{&which, way_of(trial)};
  row made{.name = alone.name()};
  made.taken = samples_of(measure_rounds({alone}, alone_plan).front());
  return made;
}

bool flagged(int trial, double factor) {
  const row before = measured(maker_of(trial)(1), trial);
  const row now = measured(maker_of(trial)(factor), trial);
  return compare_rows({now}, {before}).changes.front().is_regression(options{}.threshold);
}

}  // namespace

void prepare() {
  initialize_google("polyloop-honesty", {});
}

bool equals_look_equal(int trial) {
  const instance one = maker_of(trial)(1);
  instance other = one;
  other.name += " again";
  const std::vector<contender> both = {{&one, way_of(trial)}, {&other, way_of(trial)}};
  const std::vector<repetitions> taken = measure_rounds(both, paired_plan);
  return paired_ratio(samples_of(taken[0]), samples_of(taken[1])).contains(1);
}

bool slower_is_flagged(int trial) {
  return flagged(trial, 1.05);
}

bool unchanged_is_flagged(int trial) {
  return flagged(trial, 1);
}

}  // namespace polyloop::bench::honesty
