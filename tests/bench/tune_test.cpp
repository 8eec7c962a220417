#include "suite/tune.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <polyloop/context.hpp>
#include <polyloop/parallel_for.hpp>
#include <polyloop/tuning.hpp>
#include <set>
#include <string>
#include <vector>

using namespace polyloop;
using namespace polyloop::bench;

namespace {

kernel kernel_that(std::function<void(const loop_options&)> run) {
  kernel made;
  made.run = std::move(run);
  return made;
}

/// Takes its time whatever the machine does meanwhile.
void pass(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

tuned_kernel found(const std::string& name, const variant& best, double gain) {
  tuned_kernel made{.kernel = name, .size = 1000, .best = best};
  made.gain = {gain, gain - 0.01, gain + 0.01};
  return made;
}

}  // namespace

TEST_CASE("tune: the longest of a kernel's loops, those inside others not counted") {
  const kernel nested = kernel_that([](const loop_options& how) {
    parallel_for(
        7,
        [&](int) {
          parallel_for(
              1000, [](int) {}, how);
        },
        how);
    parallel_for(
        12, [](int) {}, how);
  });
  CHECK(longest_loop(nested) == 12);
  CHECK(longest_loop(kernel_that([](const loop_options&) {})) == 1);
}

TEST_CASE("tune: the candidates are the default, one worker, and every schedule with its grains") {
  const std::vector<variant> ways = tuning_candidates(1000);
  const scoped_context scope;
  const explanation usual = explain();
  CHECK(ways.front() == variant{.backend = usual.backend, .workers = usual.workers});
  std::set<index_t> grains;
  for (const variant& each : ways) {
    CHECK(std::ranges::count(ways, each) == 1);
    CHECK(each.workers <= usual.workers);
    if (each.workers > 1) CHECK(each.schedule.grain() <= 1000 / each.workers);
    if (each.workers == 1) CHECK(each.schedule == schedule::automatic);
    if (each.workers == 2) grains.insert(each.schedule.grain());
  }
  if (usual.workers < 2) return;
  CHECK(ways[1] == variant{.backend = usual.backend, .workers = 1});
  CHECK(grains == std::set<index_t>{0, 1, 4, 16, 64, 256});
}

TEST_CASE("tune: a backend with one worker has one way") {
  for (const backend* each : compiled_backends())
    if (each->most_workers() == 1) CHECK(tuning_candidates(1000, {std::string(each->name())}).size() == 1);
}

TEST_CASE("tune: finds the way that is faster, and by how much") {
  const std::vector<variant> ways = tuning_candidates(100);
  if (ways.size() < 3) return;  // one CPU
  const schedule good = schedule::dynamic(4);
  const instance which = {"picky", 100, kernel_that([good](const loop_options& how) {
                            CHECK(how.label == "picky");
                            pass(std::chrono::microseconds(how.schedule == good ? 100 : 500));
                          })};
  const tuned_kernel tuned = tune(which, ways);
  CHECK(tuned.best.schedule == good);
  CHECK(tuned.worthwhile());
  CHECK(tuned.gain.middle > 2);
  CHECK(tuned.confidence > 0.5);
  CHECK(tuned.candidates == ways.size());
  CHECK(tuned.measurements < 8 * ways.size());
}

TEST_CASE("tune: the text has a line for what gains, and can be loaded") {
  const std::string text = tuning_text({found("rows", {"tbb", 2, schedule::dynamic(64)}, 1.5),
                                        found("columns", {"tbb", 2, schedule::guided(4)}, 1.005),
                                        found("say \"x\"", {"openmp", 1}, 3)});
  const tuning loops = parse_tuning(text);
  CHECK(loops.size() == 2);
  CHECK(*loops.find("rows") == loop_tuning{2, schedule::dynamic(64), "tbb"});
  CHECK(*loops.find("say \"x\"") == loop_tuning{1, schedule::automatic, "openmp"});
  CHECK(text.find("# columns/1000: nothing is faster") != std::string::npos);
}
