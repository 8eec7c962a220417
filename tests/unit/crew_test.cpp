// The crew: who comes to a loop, with which number, and that nobody waits for those who do not come.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <mutex>
#include <optional>
#include <polyloop/crew.hpp>
#include <polyloop/polyloop.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "limits.hpp"
#include "lonely_work.hpp"
#include "seat.hpp"
#include "worker_numbers.hpp"

#ifdef __linux__
#include <unistd.h>
#endif

using namespace polyloop;
using namespace std::chrono_literals;

namespace {

/// Lends nothing at all: threads are asked for, and never come.
class nobody_comes final : public crew_backend {
 public:
  std::string_view name() const noexcept override { return "nobody comes"; }
  int asked = 0;

 private:
  void lend(int) override { ++asked; }
};

class no_thread_to_be_had final : public crew_backend {
 public:
  std::string_view name() const noexcept override { return "no thread to be had"; }
  int asked = 0;

 private:
  void lend(int) override {
    ++asked;
    throw std::runtime_error("no more threads");
  }
};

/// Lends a thread for each seat, and says which.
class threads_of_ours final : public crew_backend {
 public:
  std::string_view name() const noexcept override { return "threads of ours"; }

 private:
  void lend(int seat) override {
    threads_[static_cast<std::size_t>(seat)] = std::jthread([this, seat] { serve(seat); });
  }
  std::vector<std::jthread> threads_ = std::vector<std::jthread>(most_seats);
};

#ifdef __linux__
/// How often a thread of this process has gone to sleep; none where it is not known.
std::optional<long> times_asleep(pid_t thread) {
  std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/status");
  for (std::string key; status >> key;) {
    long times = 0;
    if (key == "voluntary_ctxt_switches:" && status >> times) return times;
  }
  return std::nullopt;
}

/// Asks for a thread, and comes back only when that has gone to sleep again:
/// as if the two had the same processor.
class lender_without_processor final : public crew_backend {
 public:
  std::string_view name() const noexcept override { return "lender without a processor"; }
  bool helper_slept = false;

 private:
  void lend(int seat) override;
  std::atomic<pid_t> helper_{0};
  std::atomic<long> before_{0};
  std::jthread thread_;
};
#endif

constexpr auto patience = 20s;  // a limit for what would otherwise never end

/// Where nobody spins, and two workers that take turns are dearer than one.
bool has_one_processor() { return detail::affinity_limit().workers.value_or(2) < 2; }

/// Waits until the condition holds; false after a long time.
template <class Condition>
bool comes_true(const Condition& holds) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

#ifdef __linux__
void lender_without_processor::lend(int seat) {
  thread_ = std::jthread([this, seat] {
    const pid_t me = gettid();
    before_ = times_asleep(me).value_or(0);
    helper_ = me;
    serve(seat);
  });
  helper_slept = comes_true([&] { return helper_ != 0 && times_asleep(helper_).value_or(0) > before_ + 1; });
}
#endif

}  // namespace

TEST_CASE("worker numbers: each once, the preferred one where it is free") {
  detail::worker_numbers few(4);
  CHECK(few.take(2) == 2);
  CHECK(few.take(2) == 1);
  CHECK(few.take(9) == 3);
  CHECK(few.take(0) == -1);
  detail::worker_numbers many(130);
  CHECK(many.take(129) == 129);
  CHECK(many.take(64) == 64);
  std::set<int> others;
  for (int i = 0; i < 127; ++i) others.insert(many.take(0));
  CHECK(others.size() == 127);
  CHECK(*others.begin() == 1);
  CHECK(many.take(5) == -1);
}

TEST_CASE("lonely work: counts what follows soon enough for helpers to have stayed") {
  detail::lonely_work mine;
  mine.add(10us, 1, 1h);  // the first: nothing is known of a pause
  CHECK(mine.nanoseconds() == 0);
  mine.add(10us, 3, 1h);
  CHECK(mine.nanoseconds() == 30'000);
  mine.forget();
  CHECK(mine.nanoseconds() == 0);
  mine.add(0us, 1, 0us);
  CHECK(mine.nanoseconds() == 0);
}

TEST_CASE("site: two loops in a row that lost by sharing raise the doubt, which fades") {
  detail::site here;
  here.shared(2, true);
  here.shared(2, false);
  here.shared(2, true);
  CHECK(here.doubt() == 1);
  here.shared(2, true);
  CHECK(here.doubt() == doctest::Approx(2.4));
  here.shared(3, true);  // once more: no second chance
  CHECK(here.doubt() == doctest::Approx(3.6));
  for (int i = 0; i < 1'000; ++i) here.doubted();
  CHECK(here.doubt() == 1);
  here.shared(1e9, true);
  CHECK(here.doubt() == 8);
}

TEST_CASE("crew: a loop does not wait for threads that never come") {
  nobody_comes absent;
  const scoped_context scope{.backend = absent, .workers = 4, .oversubscribe = true};
  for (const schedule how :
       {schedule::dynamic(), schedule::static_(), schedule::static_(3), schedule::guided()}) {
    std::atomic<int> ran{0};
    parallel_for(100, [&](int) { ++ran; }, {.schedule = how});
    CHECK(ran == 100);
  }
  CHECK(absent.asked == 3);  // each seat once: they are still expected
}

TEST_CASE("crew: a runtime without threads is asked again for the next loop, and the loop runs") {
  no_thread_to_be_had poor;
  const scoped_context scope{.backend = poor, .workers = 2, .oversubscribe = true};
  for (int round = 1; round <= 3; ++round) {
    std::atomic<int> ran{0};
    parallel_for(100, [&](int) { ++ran; }, {.schedule = schedule::dynamic()});
    CHECK(ran == 100);
    CHECK(poor.asked >= round);
  }
}

#ifdef __linux__
// On virtual machines the host often leaves a helper on the core of the caller
// that woke it: it span there for 2 ms while the caller could not go on.
TEST_CASE("crew: a helper does not spin while the caller that woke it does not run") {
  if (!times_asleep(gettid()) || has_one_processor()) return;
  lender_without_processor engine;
  const scoped_context scope{.backend = engine, .workers = 2, .oversubscribe = true, .spin = 100ms};
  std::atomic<int> ran{0};
  parallel_for(100, [&](int) { ++ran; }, {.schedule = schedule::dynamic()});
  CHECK(ran == 100);
  CHECK(engine.helper_slept);
}
#endif

// One that finds its caller not running sleeps: on a busy machine several helpers may come in a run.
TEST_CASE("crew: a helper stays awake for the spin of the scope, and has the same number in every loop") {
  if (has_one_processor()) return;
  threads_of_ours engine;
  const scoped_context scope{.backend = engine, .workers = 2, .oversubscribe = true, .spin = 10s};
  std::mutex lock;
  const auto helpers_of_a_run = [&] {
    std::set<std::thread::id> helpers;
    for (int round = 0; round < 20; ++round) {
      std::atomic<bool> helped{false};
      const auto chunk = [&](index_t, index_t, int worker) {
        if (worker == 0) {
          CHECK(comes_true([&] { return helped.load(); }));
          return;
        }
        CHECK(worker == 1);
        const std::lock_guard hold(lock);
        helpers.insert(std::this_thread::get_id());
        helped = true;
      };
      run_on(engine, {.begin = 0, .end = 2, .schedule = schedule::dynamic(), .workers = 2, .chunk = chunk});
    }
    return helpers.size();
  };
  bool stayed = false;
  for (int run = 0; run < 20 && !stayed; ++run) stayed = helpers_of_a_run() == 1;
  CHECK(stayed);
  const scoped_context no_more{.spin = 0s};
  parallel_for(2, [](int) {}, {.schedule = schedule::dynamic()});  // the helper sleeps after this one
}

TEST_CASE("crew: an exception of a body on a helper reaches the caller") {
  threads_of_ours engine;
  const scoped_context scope{.backend = engine, .workers = 2, .oversubscribe = true};
  const auto caller = std::this_thread::get_id();
  std::atomic<bool> helped{false};
  const auto body = [&](int) {
    if (std::this_thread::get_id() == caller) {
      CHECK(comes_true([&] { return helped.load(); }));
      return;
    }
    helped = true;
    throw std::runtime_error("from the helper");
  };
  CHECK_THROWS_WITH(parallel_for(2, body, {.schedule = schedule::dynamic()}), "from the helper");
}

TEST_CASE("crew: a loop that began without helpers gets them when another caller's loop ends") {
  for (backend* each : compiled_backends()) {
    const scoped_context everybody{.backend = *each};
    if (!each->keeps_budget() || explain().workers < 2) continue;
    INFO("backend ", std::string(each->name()));
    std::atomic<bool> first_has_all{false};
    std::atomic<bool> second_has_begun{false};
    std::atomic<int> inside{0};
    const int workers = explain().workers;
    std::thread first([&] {
      const scoped_context scope{.backend = *each};
      parallel_for(workers,
                   [&](int) {
                     if (++inside == workers) first_has_all = true;
                     comes_true([&] { return second_has_begun.load(); });
                   },
                   {.schedule = schedule::dynamic()});
    });
    CHECK(comes_true([&] { return first_has_all.load(); }));
    std::mutex lock;
    std::set<std::thread::id> seconds;
    const auto two = [&] {
      const std::lock_guard hold(lock);
      return seconds.size() >= 2;
    };
    parallel_for(2,
                 [&](int) {
                   {
                     const std::lock_guard hold(lock);
                     seconds.insert(std::this_thread::get_id());
                   }
                   second_has_begun = true;
                   CHECK(comes_true(two));
                 },
                 {.schedule = schedule::dynamic()});
    first.join();
  }
}

TEST_CASE("spin: a negative time is an error") {
  const auto negative = [] { const scoped_context scope{.spin = -1ns}; };
  CHECK_THROWS_WITH(negative(), "spin is -1: expected no negative time");
}

TEST_CASE("least work: less where workers are awake, and told by explain()") {
  threads_of_ours engine;
  const scoped_context scope{.backend = engine, .workers = 2, .oversubscribe = true, .spin = 10s};
  const auto asleep = explain().least_work;
  std::atomic<bool> helped{false};
  const auto caller = std::this_thread::get_id();
  parallel_for(2,
               [&](int) {
                 if (std::this_thread::get_id() != caller)
                   helped = true;
                 else
                   comes_true([&] { return helped.load(); });
               },
               {.schedule = schedule::dynamic()});
  CHECK(comes_true([&] { return explain().least_work < asleep; }));
  CHECK(explain().spin == 10s);
  CHECK(explain().text.find("workers stay awake for 10000000.0 us") != std::string::npos);
  const scoped_context no_more{.spin = 0s};
  parallel_for(2, [](int) {}, {.schedule = schedule::dynamic()});
}

TEST_CASE("result: a loop says whether it was shared") {
  threads_of_ours engine;
  const scoped_context scope{.backend = engine, .workers = 2, .oversubscribe = true};
  CHECK(parallel_for(2, [](int) {}, {.schedule = schedule::static_()}).shared);
  const auto nothing = [](int) {};  // its first calls, with cold caches, may look dear
  CHECK(comes_true([&] { return !parallel_for(2, nothing).shared; }));
  CHECK_FALSE(parallel_for(2, [](int) {}, {.schedule = schedule::static_(), .workers = 1}).shared);
}

// The rows of a picture: the first ones are cheap. Whoever believes that all are
// like them runs the next loop alone.
TEST_CASE("automatic: a loop whose first iterations are cheap is shared every time") {
  if (has_one_processor()) return;
  threads_of_ours engine;
  const scoped_context scope{.backend = engine, .workers = 2, .oversubscribe = true};
  const auto row = [](int i) {
    const auto until = std::chrono::steady_clock::now() + (i < 128 ? 0us : 30us);
    while (std::chrono::steady_clock::now() < until) {
    }
  };
  int shared = 0;
  for (int round = 0; round < 30; ++round) shared += parallel_for(256, row).shared ? 1 : 0;
  CHECK(shared >= 27);  // 22 to 24 where it was so; a thread that had no processor may mislead once
}
