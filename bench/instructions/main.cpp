/// polyloop-instructions: loops to be run under valgrind, which counts the
/// instructions of counted_region(). scripts/instructions does so, and knows
/// what the counts mean.

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "instructions/loop_set.hpp"
#include "support/arguments.hpp"
#include "support/keep.hpp"

using polyloop::index_t;
using polyloop::bench::keep;
using polyloop::bench::instructions::arguments;
using polyloop::bench::instructions::loop_function;
using polyloop::bench::instructions::loop_set;

/// What is counted, by this name: one call of a loop, and always the same few
/// instructions around it.
extern "C" __attribute__((noinline)) bool counted_region(loop_function loop, const arguments& on) {
  const bool shared = loop(on);
  keep(shared);  // the loop is called, not jumped to: its end is that of the region
  return shared;
}

namespace polyloop::bench::instructions {

namespace {

constexpr int measured_nothing = 1;
constexpr index_t longest = 200'000;
constexpr int warm_up_calls = 20;
constexpr int most_repeats = 10'000;

__attribute__((noinline)) bool nothing(const arguments& on) {
  keep(on);
  return false;
}
const loop_set no_loops = {"", nothing, nothing, nothing, nothing, nullptr};

struct counted_case {
  const char* name;
  loop_function loop_set::*loop;
  index_t n;
  int workers;
  bool empty = false;
  bool shared = false;  // ours is, or there is nothing to count
};

// Hazard: by the load of the machine, valgrind needs from one to some hundred
// nanoseconds for an iteration. So saxpy has one worker, or a loop of ours would
// be shared at times; and the long ones are so long that it does not matter
// whether they are taken for small ones.
constexpr counted_case cases[] = {
    {"empty", &loop_set::saxpy, 0, 1, true},
    {"saxpy-2", &loop_set::saxpy, 2, 1},
    {"saxpy-100000", &loop_set::saxpy, 100'000, 1},
    {"saxpy-200000", &loop_set::saxpy, longest, 1},
    {"int-saxpy-100000", &loop_set::int_saxpy, 100'000, 1},
    {"int-saxpy-200000", &loop_set::int_saxpy, longest, 1},
    {"shared-explicit", &loop_set::always_shared, 2, 2, false, true},
    {"shared-automatic", &loop_set::dear, 2, 2, false, true},
};

std::vector<const loop_set*> variants() {
  return {
      &plain_loops,
      &our_loops,
#ifdef POLYLOOP_BENCH_TBB
      &tbb_loops,
#endif
#ifdef POLYLOOP_BENCH_OPENMP
      &openmp_loops,
#endif
  };
}

struct settings {
  std::string variant;
  std::string name;
  int repeats = 1;
};

constexpr const char* footer =
    "variants: plain, ours, tbb, openmp (the raw ones as far as they are compiled in)\n"
    "cases: empty, saxpy-2, saxpy-100000, saxpy-200000, int-saxpy-100000, int-saxpy-200000,\n"
    "  shared-explicit, shared-automatic\n"
    "examples:\n"
    "  polyloop-instructions ours saxpy-2 20\n"
    "  polyloop-instructions --compiler\n"
    "status: 0 done; 1 a loop was shared or not against what its case is about; 2 wrong use";

template <class All, class Name>
auto& named(const All& all, const std::string& name, const Name& name_of) {
  for (const auto& each : all)
    if (name_of(each) == name) return each;
  throw std::invalid_argument("unknown: " + name);
}

void count(const counted_case& what, const loop_set& by, int repeats) {
  std::vector<double> x(longest, 1.0);
  std::vector<double> y(longest, 0.5);
  const arguments on = {what.n, 1e-9, x.data(), y.data()};
  const arguments to_teach = {longest, 1e-9, x.data(), y.data()};
  const loop_function loop = (what.empty ? no_loops : by).*what.loop;
  const bool must_be_shared = what.shared && &by == &our_loops;
  // Hazard: a loop of two iterations takes much less time than the clocks of
  // valgrind. A longer one teaches its call site the truth, and that the next
  // loops need no clock.
  const auto prepare = [&] {
    if (what.loop == &loop_set::saxpy && !what.empty) loop(to_teach);
  };
  for (int i = 0; i < warm_up_calls; ++i) {
    prepare();
    loop(on);
  }
  for (int i = 0; i < repeats; ++i) {
    prepare();
    if (counted_region(loop, on) != must_be_shared)
      throw std::runtime_error(std::string(what.name) + (must_be_shared ? " was not shared" : " was shared"));
  }
}

int run(const settings& how) {
  const counted_case& what = named(cases, how.name, [](const counted_case& each) { return each.name; });
  const loop_set& by = *named(variants(), how.variant, [](const loop_set* each) { return each->name; });
  by.enter(what.workers, [&] { count(what, by, how.repeats); });
  return 0;
}

int run_as_told(int argc, char** argv) {
  settings how;
  CLI::App app{"Runs one loop as often as told, for a tool that counts the instructions of counted_region()"};
  app.footer(footer);
  app.add_option("variant", how.variant, "who runs the loop")->required();
  app.add_option("case", how.name, "which loop")->required();
  app.add_option("repeats", how.repeats, "how many calls are counted, each alone")
      ->required()
      ->check(CLI::Range(1, most_repeats));
  app.set_version_flag("--compiler", POLYLOOP_BENCH_COMPILER, "what compiled the loops");
  app.add_flag_callback(
      "--variants",
      [] {
        for (const loop_set* each : variants()) std::cout << each->name << '\n';
        throw CLI::Success();
      },
      "the variants that are compiled in");
  return parsed_and_run(app, argc, argv, [&how] { return run(how); });
}

}  // namespace

}  // namespace polyloop::bench::instructions

int main(int argc, char** argv) {
  using namespace polyloop::bench::instructions;
  try {
    return run_as_told(argc, argv);
  } catch (const std::invalid_argument& problem) {
    std::cerr << problem.what() << "; see --help\n";
    return polyloop::bench::wrong_use;
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << '\n';
    return measured_nothing;
  }
}
