// Nested loops, several callers, locks: nothing deadlocks, threads do not multiply, idle workers help.
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "kit.hpp"

using namespace polyloop;
using contract::on_every_schedule;
using contract::on_every_setting;

namespace {

/// The most bodies that ran at the same time.
class peak {
 public:
  void enter() {
    const int now = ++running_;
    int seen = most_;
    while (now > seen && !most_.compare_exchange_weak(seen, now)) {
    }
  }
  void leave() { --running_; }
  int most() const { return most_; }

 private:
  std::atomic<int> running_{0};
  std::atomic<int> most_{0};
};

}  // namespace

TEST_CASE("nesting: three deep") {
  on_every_schedule([](const schedule& how) {
    std::atomic<index_t> total{0};
    const loop_options options{.schedule = how};
    parallel_for(
        5,
        [&](index_t a) {
          parallel_for(
              7,
              [&, a](index_t b) {
                parallel_for(
                    11, [&, a, b](index_t c) { total += a * 10000 + b * 100 + c; }, options);
              },
              options);
        },
        options);
    CHECK(total == 10000 * 10 * 77 + 100 * 21 * 55 + 55 * 35);
  });
}

TEST_CASE("nesting: inner loops use the workers that the outer one leaves idle") {
  for (backend* each : contract::backends_under_test()) {
    if (each->most_workers() < 4) continue;
    INFO("backend ", std::string(each->name()));
    const scoped_context scope{.backend = *each, .workers = 4, .oversubscribe = true};
    std::mutex lock;
    std::set<std::thread::id> threads;
    // Bodies that wait are what shows it on a machine with few CPUs.
    const auto inner = [&](index_t) {
      std::this_thread::sleep_for(std::chrono::microseconds(500));
      const std::lock_guard hold(lock);
      threads.insert(std::this_thread::get_id());
    };
    for (int round = 0; round < 20 && threads.size() < 4; ++round) {
      parallel_for(2, [&](index_t) { parallel_for(100, inner, {.schedule = schedule::dynamic()}); },
                   {.schedule = schedule::dynamic()});
    }
    CHECK(threads.size() >= 4);
  }
}

TEST_CASE("nesting: never more bodies at once than workers") {
  on_every_setting([](int workers) {
    peak running;
    const auto inner = [&](index_t) {
      running.enter();
      contract::burn(300);
      running.leave();
    };
    for (int round = 0; round < 5; ++round)
      parallel_for(6, [&](index_t) { parallel_for(50, inner, {.schedule = schedule::dynamic()}); },
                   {.schedule = schedule::dynamic()});
    CHECK(running.most() <= workers);
  });
}

TEST_CASE("nesting: an inner scope or option lowers the number of workers, not raises it") {
  on_every_setting([](int workers) {
    peak running;
    std::set<std::thread::id> threads;
    std::mutex lock;
    const auto body = [&](index_t) {
      running.enter();
      contract::burn(300);
      running.leave();
      const std::lock_guard hold(lock);
      threads.insert(std::this_thread::get_id());
    };
    {
      const scoped_context inner{.workers = 2};
      CHECK(explain().workers == std::min({2, workers, explain().workers}));
      parallel_for(200, body, {.schedule = schedule::dynamic()});
    }
    parallel_for(200, body, {.schedule = schedule::dynamic(), .workers = 2});
    CHECK(running.most() <= 2);
    const scoped_context one{.workers = 1};
    threads.clear();
    parallel_for(200, body);
    CHECK(threads == std::set{std::this_thread::get_id()});
  });
}

TEST_CASE("nesting: a lock held around a nested loop") {
  // A thread that waits for the inner loop must not run an outer iteration
  // meanwhile: it would lock the mutex that it holds.
  on_every_setting([](int) {
    std::mutex lock;
    std::atomic<int> total{0};
    const auto outer = [&](index_t) {
      const std::lock_guard hold(lock);
      parallel_for(64,
                   [&](index_t) {
                     contract::burn(100);
                     ++total;
                   },
                   {.schedule = schedule::dynamic()});
    };
    for (int round = 0; round < 10; ++round) parallel_for(16, outer, {.schedule = schedule::dynamic()});
    CHECK(total == 10 * 16 * 64);
  });
}

TEST_CASE("nesting: the scope reaches the workers that run the chunks") {
  on_every_setting([](int) {
    const explanation outside = explain();
    std::atomic<int> strangers{0};
    parallel_for(100,
                 [&](index_t) {
                   const explanation here = explain();
                   strangers += here.backend != outside.backend || here.workers != outside.workers;
                 },
                 {.schedule = schedule::dynamic()});
    CHECK(strangers == 0);
  });
}

TEST_CASE("nesting: one backend inside another") {
  for (backend* outer : contract::backends_under_test()) {
    for (backend* inner : contract::backends_under_test()) {
      const scoped_context outside{.backend = *outer, .workers = 4, .oversubscribe = true};
      std::atomic<index_t> total{0};
      parallel_for(8,
                   [&](index_t) {
                     const scoped_context inside{.backend = *inner};
                     parallel_for(100,
                                  [&](index_t i) {
                                    const scoped_context back{.backend = *outer};
                                    parallel_for(3, [&](index_t) { total += i; },
                                                 {.schedule = schedule::dynamic()});
                                  },
                                  {.schedule = schedule::dynamic(5)});
                   },
                   {.schedule = schedule::dynamic()});
      CHECK(total == 8 * 4950 * 3);
    }
  }
}

TEST_CASE("callers: two threads with different backends at once") {
  const auto backends = contract::backends_under_test();
  std::atomic<int> wrong{0};
  const auto loops_on = [&](backend* each) {
    const scoped_context scope{.backend = *each, .workers = 2, .oversubscribe = true};
    for (int round = 0; round < 200; ++round) {
      std::atomic<int> count{0};
      parallel_for(500, [&](index_t) { ++count; }, {.schedule = schedule::dynamic(10)});
      wrong += count != 500 || explain().backend != each->name();
    }
  };
  for (backend* one : backends) {
    for (backend* two : backends) {
      std::thread first(loops_on, one);
      std::thread second(loops_on, two);
      first.join();
      second.join();
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("callers: four threads looping at once stay within the budget") {
  for (backend* each : contract::backends_under_test()) {
    INFO("backend ", std::string(each->name()));
    int budget = 1;
    {
      const scoped_context scope{.backend = *each};
      budget = explain().workers;
    }
    constexpr int callers = 4;
    peak running;
    std::atomic<index_t> total{0};
    const auto body = [&](index_t) {
      running.enter();
      contract::burn(200);
      running.leave();
      ++total;
    };
    const auto caller = [&] {
      const scoped_context scope{.backend = *each};
      for (int round = 0; round < 50; ++round) parallel_for(200, body, {.schedule = schedule::dynamic(4)});
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) threads.emplace_back(caller);
    for (std::thread& thread : threads) thread.join();
    CHECK(total == callers * 50 * 200);
    // A caller runs its own chunks and never waits for leave to; all helpers together are fewer than the
    // budget.
    CHECK(running.most() <= callers + budget - 1);
  }
}
