#include <fmt/format.h>

#include <polyloop/polyloop.hpp>

#include "support/keep.hpp"
#include "vocabulary/raw_tasks.hpp"
#include "vocabulary/table.hpp"

namespace polyloop::bench::vocabulary {

namespace {

constexpr int number = 32;

std::int64_t fib(int n) {
  if (n < fib_cut_off) return plain_fib(n);
  std::int64_t one_less = 0;
  task_group tasks;
  tasks.spawn([&one_less, n] { one_less = fib(n - 1); });
  const std::int64_t two_less = fib(n - 2);
  tasks.wait();
  return one_less + two_less;
}

using raw_fib = std::int64_t (*)(int n, int threads);

/// The time of ours on a backend over that of a runtime by hand.
[[maybe_unused]] claim beside(const char* engine, int workers, const char* name, raw_fib raw, double bar) {
  const scoped_context scope{.backend = engine, .workers = workers};
  const int threads = explain().workers;
  const double ratio = ratio_in_turn(41, [] { keep(fib(number)); }, [raw, threads] { keep(raw(number, threads)); });
  return {fmt::format("fib({}) by tasks, cut-off {}, {} threads: backend {} over {}", number, fib_cut_off, threads,
                      engine, name),
          ratio, bar, true, "x"};
}

}  // namespace

std::vector<claim> task_claims() {
  std::vector<claim> made;
#ifdef POLYLOOP_BENCH_TBB
  made.push_back(beside("tbb", 2, "tbb::task_group", tbb_fib, 1.1));
  made.push_back(beside("serial", 1, "tbb::task_group", tbb_fib, 1.1));
#endif
#ifdef POLYLOOP_BENCH_OPENMP
  made.push_back(beside("openmp", 2, "OpenMP tasks", openmp_fib, 1.0));
#endif
  return made;
}

}  // namespace polyloop::bench::vocabulary
