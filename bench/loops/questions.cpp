#include "loops/questions.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <new>
#include <set>
#include <string>

#include "loops/kernels.hpp"
#include "polyloop/context.hpp"
#include "polyloop/parallel_for.hpp"
#include "support/keep.hpp"
#include "support/measure.hpp"
#include "support/statistics.hpp"

namespace polyloop::bench::loops {

namespace {

constexpr double loop_bar = 1.05;
constexpr double serial_bar = 1.02;
constexpr double sum_bar = 0.95;
constexpr index_t sum_count = 100'000'000;
constexpr index_t stencil_side = 2048;
constexpr int most_hashed_workers = 8;
constexpr std::align_val_t page{4096};

struct release {
  template <class T>
  void operator()(T* memory) const {
    ::operator delete(memory, page);
  }
};
template <class T>
using buffer = std::unique_ptr<T[], release>;

/// Memory first touched by the workers that are going to use it. All of it
/// begins with a page: how arrays lie to cache lines and to each other changes
/// the time of a small loop, and the allocator would decide it anew in every run.
template <class T>
buffer<T> filled(index_t n, T scale) {
  buffer<T> memory(static_cast<T*>(::operator new(static_cast<std::size_t>(n) * sizeof(T), page)));
  T* const at = memory.get();
  const auto fill = [at, scale](index_t i) { at[i] = scale * static_cast<T>(i % 1009); };
  parallel_for(n, fill, {.schedule = schedule::static_()});
  return memory;
}

/// Calls of ours, in the scope of a backend.
template <class Call>
subject in_scope(const std::string& backend, int workers, Call call) {
  const auto run = [backend, workers, calls = repeated(call)](std::int64_t repeats) {
    const scoped_context scope{.backend = backend, .workers = workers};
    calls(repeats);
  };
  return {run, workers};
}

template <class Call>
subject by_hand(const kernels& raw, int workers, Call call) {
  const auto run = [&raw, workers, calls = repeated(call)](std::int64_t repeats) {
    raw.use_workers(workers);
    calls(repeats);
  };
  return {run, workers};
}

int all_workers_of(const std::string& backend) {
  const scoped_context scope{.backend = backend};
  return explain().workers;
}

plan plan_for(bool quick, int workers) {
  // Without workers there is nothing to wake and nothing to wait for: rounds are cheap.
  const int rounds = workers == 1 ? 201 : 41;
  return {.most_rounds = quick ? 9 : rounds, .least_rounds = 9, .budget_seconds = 4};
}

template <class Call>
claim time_over_raw(const std::string& backend, bool quick, const Call& call) {
  const int workers = all_workers_of(backend);
  const kernels& raw = *raw_for(backend);
  claim made = compared(in_scope(backend, workers, [&call] { call(ours); }),
                        by_hand(raw, workers, [&call, &raw] { call(raw); }), plan_for(quick, workers), false);
  made.bar = backend == "serial" ? serial_bar : loop_bar;
  return made;
}

claim saxpy(const std::string& backend, bool quick, index_t n) {
  const auto x = filled(n, 1.0);
  const auto y = filled(n, 0.5);
  return time_over_raw(backend, quick,
                       [n, in = x.get(), out = y.get()](const kernels& of) { of.saxpy(n, 1e-9, in, out); });
}

claim stencil(const std::string& backend, bool quick) {
  const auto in = filled(stencil_side * stencil_side, 1.0F);
  const auto out = filled(stencil_side * stencil_side, 0.0F);
  return time_over_raw(backend, quick, [from = in.get(), to = out.get()](const kernels& of) {
    of.stencil(stencil_side, from, to);
  });
}

#ifdef POLYLOOP_BENCH_OPENMP
template <class Call>
auto kept(Call call) {
  return [call] { keep(call()); };
}

claim sum_speed(const std::string& backend, bool quick, int workers) {
  const auto memory = filled(sum_count, 1e-3);
  const auto ours_sum = [at = memory.get()] { return ours.sum(sum_count, at); };
  const auto raw_sum = [at = memory.get()] { return raw_openmp.sum(sum_count, at); };
  claim made = compared(in_scope(backend, workers, kept(ours_sum)),
                        by_hand(raw_openmp, workers, kept(raw_sum)), plan_for(quick, workers), true);
  made.bar = sum_bar;
  made.at_most = false;
  return made;
}

void ask_sum_speeds(const std::string& backend, bool quick, std::vector<question>& asked) {
  for (const int workers : std::set<int>{1, all_workers_of(backend)})
    asked.push_back({fmt::format("sum of 1e8 doubles, {}, {} workers: speed over raw omp parallel for simd",
                                 backend, workers),
                     [=] { return sum_speed(backend, quick, workers); }});
}
#endif

claim different_sums() {
  const auto memory = filled(sum_count, 1e-3);
  std::set<double> seen;
  for (const backend* each : compiled_backends())
    for (int workers = 1; workers <= most_hashed_workers; ++workers) {
      const scoped_context scope{.backend = each->name(), .workers = workers, .oversubscribe = true};
      seen.insert(ours.sum(sum_count, memory.get()));
    }
  claim made;
  made.measured = static_cast<double>(seen.size());
  made.bar = 1;
  made.unit = "results";
  return made;
}

void ask_loops(const std::string& backend, bool quick, std::vector<question>& asked) {
  const std::string raw = backend == "serial" ? "the plain loop"
                          : backend == "tbb"  ? "raw tbb::parallel_for"
                                              : "raw omp parallel for";
  const auto text = [&](std::string_view what) {
    return fmt::format("{}, {}: time over {}", what, backend, raw);
  };
  struct size {
    const char* name;
    index_t n;
  };
  for (const size& each : {size{"1e3", 1'000}, size{"1e5", 100'000}, size{"1e7", 10'000'000}})
    asked.push_back(
        {text(fmt::format("saxpy n={}", each.name)), [=] { return saxpy(backend, quick, each.n); }});
  asked.push_back({text("stencil 2048x2048"), [=] { return stencil(backend, quick); }});
}

}  // namespace

claim compared(const subject& first, const subject& second, const plan& how, bool speed) {
  const subject both[] = {first, second};
  const std::vector<samples> seconds = measure_in_turn(both, how);
  const std::vector<double> quotient =
      speed ? ratios(seconds[1], seconds[0]) : ratios(seconds[0], seconds[1]);
  claim made;
  made.measured = median(quotient);
  made.spread = relative_spread(quotient);
  made.ours = median(seconds[0]);
  made.raw = median(seconds[1]);
  return made;
}

std::vector<question> questions(bool quick) {
  std::vector<question> asked;
  for (const char* backend : {"serial", "openmp", "tbb"})
    if (raw_for(backend) != nullptr) ask_loops(backend, quick, asked);
#ifdef POLYLOOP_BENCH_OPENMP
  for (const char* backend : {"serial", "openmp", "tbb"})
    if (raw_for(backend) != nullptr) ask_sum_speeds(backend, quick, asked);
#endif
  asked.push_back({fmt::format("sum of 1e8 doubles: different results over {} backends x 1..{} workers",
                               compiled_backends().size(), most_hashed_workers),
                   different_sums});
  return asked;
}

}  // namespace polyloop::bench::loops
