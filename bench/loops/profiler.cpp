/// What profiling costs a loop, and what it reads of one that is known to be uneven.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "loops/questions.hpp"
#include "polyloop/context.hpp"
#include "polyloop/parallel_for.hpp"
#include "polyloop/profile.hpp"
#include "support/measure.hpp"
#include "support/statistics.hpp"

namespace polyloop::bench::loops {

namespace {

constexpr double on_bar = 1.01;
constexpr double off_bar = 1.005;
constexpr double small_loop_bar = 1000;  // nanoseconds
constexpr double uneven_bar = 1.5;
constexpr double even_bar = 1.1;
constexpr double many = 1e9;

using clock = std::chrono::steady_clock;

/// Some nanoseconds of arithmetic in each iteration.
class arithmetic {
 public:
  void operator()(index_t count) const {
    const auto step = [at = values_.data()](index_t i) {
      double value = at[i];
      for (int k = 0; k < 16; ++k) value = 0.999 * value + 1e-3;
      at[i] = value;
    };
    parallel_for(count, step);
  }
  /// As many iterations as take so long, on all workers, awake.
  index_t count_for(double seconds) const {
    double shortest = many;
    for (int round = 0; round < 50; ++round) {
      const auto start = clock::now();
      (*this)(probe);
      shortest = std::min(shortest, std::chrono::duration<double>(clock::now() - start).count());
    }
    return std::clamp<index_t>(static_cast<index_t>(seconds / shortest * probe), 1, most);
  }

 private:
  static constexpr index_t probe = 20'000;
  static constexpr index_t most = 10'000'000;
  mutable std::vector<double> values_ = std::vector<double>(most, 1.0);
};

struct profiled {
  profiled() { profile::start(); }
  profiled(const profiled&) = delete;
  profiled& operator=(const profiled&) = delete;
  ~profiled() { profile::stop(); }
};

/// Long samples: each begins a recording of its own.
plan plan_for(bool quick) {
  return {.most_rounds = quick ? 9 : 101, .least_rounds = 9, .sample_seconds = 20e-3, .budget_seconds = 15};
}

template <class Call>
claim time_when_on(bool quick, const std::string& backend, const Call& call) {
  const scoped_context scope{.backend = backend};
  const int workers = explain().workers;
  const subject on = {[calls = repeated(call)](std::int64_t repeats) {
                        const profiled now;
                        calls(repeats);
                      },
                      workers};
  return compared(on, {repeated(call), workers}, plan_for(quick), false);
}

claim loop_when_on(bool quick, const std::string& backend, double seconds) {
  const scoped_context scope{.backend = backend};
  const arithmetic work;
  claim made = time_when_on(quick, backend, [&work, count = work.count_for(seconds)] { work(count); });
  made.bar = on_bar;
  return made;
}

// What a loop that nobody watches pays is a look at the switch: here are some more.
claim loop_when_off(bool quick) {
  const arithmetic work;
  const index_t count = work.count_for(100e-6);
  const int workers = explain().workers;
  const auto looking = [&work, count] {
    for (int look = 0; look < 4; ++look)
      if (profile::is_on()) return;
    work(count);
  };
  claim made = compared({repeated(looking), workers}, {repeated([&work, count] { work(count); }), workers},
                        plan_for(quick), false);
  made.bar = off_bar;
  return made;
}

claim small_loop_when_on(bool quick) {
  const arithmetic work;
  claim made = time_when_on(quick, explain().backend, [&work] { work(10); });
  made.measured = 1e9 * (made.ours - made.raw);
  made.bar = small_loop_bar;
  made.unit = "ns";
  return made;
}

void wait_for(std::chrono::microseconds time) {
  const auto end = clock::now() + time;
  while (clock::now() < end) {
  }
}

claim imbalance(const schedule& how) {
  const scoped_context four{.workers = 4, .oversubscribe = true};
  const profiled now;
  parallel_for(256, [](int i) { wait_for(i * std::chrono::microseconds(10)); },
               {.label = "triangular", .schedule = how});
  claim made;
  made.measured = profile::snapshot().loops.front().imbalance();
  return made;
}

claim imbalance_when_static() {
  claim made = imbalance(schedule::static_());
  made.bar = uneven_bar;
  made.at_most = false;
  return made;
}

claim imbalance_when_dynamic() {
  claim made = imbalance(schedule::dynamic());
  made.bar = even_bar;
  return made;
}

}  // namespace

std::vector<question> profiler_questions(bool quick) {
  std::vector<question> asked;
  for (const polyloop::backend* each : compiled_backends()) {
    const std::string backend(each->name());
    asked.push_back({fmt::format("profiler on, loop of 100 us, {}: time over off", backend),
                     [=] { return loop_when_on(quick, backend, 100e-6); }});
    asked.push_back({fmt::format("profiler on, loop of 1 ms, {}: time over off", backend),
                     [=] { return loop_when_on(quick, backend, 1e-3); }});
  }
  asked.push_back({"profiler off, loop of 100 us: time with four looks more at the switch over without",
                   [quick] { return loop_when_off(quick); }});
  asked.push_back({"profiler on, loop of 10 iterations, known to be small when off: what is added",
                   [quick] { return small_loop_when_on(quick); }});
  asked.push_back({"triangular loop, 4 workers, static: imbalance", imbalance_when_static});
  asked.push_back({"triangular loop, 4 workers, dynamic: imbalance", imbalance_when_dynamic});
  return asked;
}

}  // namespace polyloop::bench::loops
