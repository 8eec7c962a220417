// Groups of tasks: all run, errors and stops are those of the group, and who waits runs nothing else.
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "kit.hpp"

using namespace polyloop;
using contract::failure;
using contract::on_every_setting;
using contract::thrown_by;

namespace {

int fib(int n) {
  if (n < 2) return n;
  int one_less = 0;
  task_group group;
  group.spawn([&one_less, n] { one_less = fib(n - 1); });
  const int two_less = fib(n - 2);
  group.wait();
  return one_less + two_less;
}

/// Adds the numbers [first, last) by tasks of one group, which spawn each other.
void add_all(task_group& group, std::atomic<index_t>& total, index_t first, index_t last) {
  for (; last - first > 1; last = first + (last - first) / 2) {
    const index_t middle = first + (last - first) / 2;
    group.spawn([&group, &total, middle, last] { add_all(group, total, middle, last); });
  }
  total += first;
}

}  // namespace

TEST_CASE("tasks: divide and conquer") {
  on_every_setting([](int) { CHECK(fib(17) == 1597); });
}

TEST_CASE("tasks: each runs once, also more of them than fit anywhere, and a group may be used again") {
  on_every_setting([](int) {
    task_group group;
    for (const int n : {1, 2000, 0, 77}) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(n));
      for (std::atomic<int>& each : runs) group.spawn([&each] { ++each; });
      const loop_result result = group.wait();
      CHECK(result.finished());
      CHECK(result.iterations == n);
      for (const std::atomic<int>& each : runs) CHECK(each == 1);
    }
  });
}

TEST_CASE("tasks: spawn further ones into their own group") {
  on_every_setting([](int) {
    std::atomic<index_t> total{0};
    task_group group;
    group.spawn([&] { add_all(group, total, 0, 3000); });
    CHECK(group.wait().iterations == 3000);
    CHECK(total == 3000 * 2999 / 2);
  });
}

TEST_CASE("tasks: functions of any size, that can only be moved, are destroyed once") {
  on_every_setting([](int) {
    const auto shared = std::make_shared<int>(7);
    std::atomic<int> total{0};
    {
      task_group group;
      group.spawn([&total, only = std::make_unique<int>(5)] { total += *only; });
      const std::array<int, 100> large{1, 2, 3};
      group.spawn([&total, large, shared] { total += large[0] + large[1] + large[2] + *shared; });
      group.spawn([&total, shared]() mutable { total += *std::move(shared); });
      group.wait();
      CHECK(shared.use_count() == 1);
    }
    CHECK(total == 5 + 6 + 7 + 7);
  });
}

TEST_CASE("tasks: the exception of the one that was spawned first, and all before it have run") {
  on_every_setting([](int) {
    for (int round = 0; round < 10; ++round) {
      std::vector<std::atomic<int>> runs(300);
      task_group group;
      for (int i = 0; i < 300; ++i)
        group.spawn([i, &runs] {
          ++runs[static_cast<std::size_t>(i)];
          if (i % 50 == 37) throw failure{i};
        });
      CHECK(thrown_by([&] { group.wait(); }) == 37);
      for (int i = 0; i <= 37; ++i) CHECK(runs[static_cast<std::size_t>(i)] == 1);
      group.spawn([] {});
      CHECK(group.wait().iterations == 1);
    }
  });
}

TEST_CASE("tasks: an exception passes through groups in tasks") {
  on_every_setting([](int) {
    const auto nest = [](int depth, const auto& self) -> void {
      task_group group;
      group.spawn([&] {
        if (depth == 0) throw failure{5};
        self(depth - 1, self);
      });
      group.spawn([] {});
      group.wait();
    };
    CHECK(thrown_by([&] { nest(6, nest); }) == 5);
  });
}

TEST_CASE("tasks: the end of a group waits, and loses no exception") {
  on_every_setting([](int) {
    std::atomic<int> ran{0};
    {
      task_group group;
      for (int i = 0; i < 20; ++i) group.spawn([&] { ++ran; });
    }
    CHECK(ran == 20);
    const auto not_waited_for = [] {
      task_group group;
      group.spawn([] { throw failure{3}; });
    };
    CHECK(thrown_by(not_waited_for) == 3);
    const auto left_by_another = [] {
      task_group group;
      group.spawn([] { throw failure{3}; });
      throw failure{4};
    };
    CHECK(thrown_by(left_by_another) == 4);
  });
}

TEST_CASE("tasks: a stopped group begins no more") {
  on_every_setting([](int) {
    std::stop_source source;
    std::atomic<index_t> ran{0};
    task_group group({.stop = source.get_token()});
    for (int i = 0; i < 1000; ++i)
      group.spawn([&] {
        if (++ran == 5) source.request_stop();
      });
    const loop_result result = group.wait();
    CHECK(result.iterations == ran);
    CHECK(result.finished() == (ran == 1000));
    group.spawn([&] { ++ran; });
    CHECK_FALSE(group.wait().finished());
    task_group late({.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1)});
    late.spawn([&] { ran = -1; });
    CHECK(late.wait().iterations == 0);
    CHECK(ran >= 0);
  });
}

TEST_CASE("tasks: policies") {
  on_every_setting([](int) {
    std::atomic<int> calls{0};
    task_group collects({.errors = error_policy{.collect = true, .retry = {.times = 1}}});
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < 100; ++i)
        collects.spawn([i, &calls] {
          ++calls;
          if (i % 40 == 3) throw std::runtime_error("no " + std::to_string(i));
        });
      CHECK_THROWS_WITH_AS(collects.wait(), "3 of 100 iterations failed: 3: no 3; 43: no 43; 83: no 83", loop_errors);
      CHECK(calls == 103 * (round + 1));
    }
    CHECK_THROWS_AS(task_group({.errors = error_policy{.retry = {.times = -1}}}), invalid_argument);
  });
}

TEST_CASE("tasks: a lock held while waiting") {
  // Who waits for the inner group must not run an outer task meanwhile: it would lock what it holds.
  on_every_setting([](int) {
    std::mutex lock;
    std::atomic<int> total{0};
    task_group outer;
    for (int i = 0; i < 60; ++i)
      outer.spawn([&] {
        const std::lock_guard hold(lock);
        task_group inner;
        for (int k = 0; k < 20; ++k)
          inner.spawn([&] {
            contract::burn(20);
            ++total;
          });
        inner.wait();
      });
    outer.wait();
    CHECK(total == 60 * 20);
  });
}

TEST_CASE("tasks: groups beside each other, waited for in any order, and filled from inside each other") {
  on_every_setting([](int) {
    for (int round = 0; round < 20; ++round) {
      std::atomic<int> firsts{0};
      std::atomic<int> seconds{0};
      task_group first;
      {
        task_group second;
        for (int i = 0; i < 20; ++i) {
          first.spawn([&] { ++firsts; });
          second.spawn([&] {
            ++seconds;
            first.spawn([&] { ++firsts; });
          });
        }
        if (round % 2 == 0) first.spawn([&] { fib(8); });
        second.wait();
        CHECK(seconds == 20);
      }
      first.wait();
      CHECK(firsts == 40);
    }
  });
}

TEST_CASE("tasks: an inner group under tasks of an outer one, on the same thread") {
  on_every_setting([](int) {
    std::atomic<int> outer_ran{0};
    std::atomic<int> inner_ran{0};
    task_group outer;
    outer.spawn([&] {
      task_group inner;
      inner.spawn([&] { ++inner_ran; });
      for (int i = 0; i < 100; ++i) outer.spawn([&] { ++outer_ran; });
      inner.spawn([&] { ++inner_ran; });
      for (int i = 0; i < 100; ++i) outer.spawn([&] { ++outer_ran; });
      inner.wait();
      CHECK(inner_ran == 2);
    });
    outer.wait();
    CHECK(outer_ran == 200);
  });
}

TEST_CASE("tasks: loops in tasks, tasks in loops, spawned from a loop") {
  on_every_setting([](int) {
    std::atomic<int> total{0};
    task_group group;
    const loop_options one_by_one{.schedule = schedule::dynamic()};
    for (int i = 0; i < 8; ++i)
      group.spawn([&] {
        parallel_for(30, [&](int) { total += fib(5); }, one_by_one);
      });
    group.wait();
    CHECK(total == 8 * 30 * 5);
    parallel_for(40, [&](int) { group.spawn([&] { ++total; }); }, one_by_one);
    group.wait();
    CHECK(total == 1240);
    group.spawn([&] { parallel_for(40, [&](int) { group.spawn([&] { ++total; }); }, one_by_one); });
    group.wait();
    CHECK(total == 1280);
  });
}

TEST_CASE("tasks: a loop of the caller while its tasks run") {
  on_every_setting([](int) {
    std::atomic<int> total{0};
    task_group group;
    for (int i = 0; i < 10; ++i) group.spawn([&] { total += fib(6); });
    parallel_for(100, [&](int) { ++total; }, {.schedule = schedule::dynamic(3)});
    group.wait();
    CHECK(total == 10 * 8 + 100);
  });
}

TEST_CASE("tasks: scopes in tasks, and a group of another scope in a task") {
  on_every_setting([](int workers) {
    std::atomic<int> strangers{0};
    std::atomic<int> total{0};
    task_group group;
    for (int i = 0; i < 10; ++i)
      group.spawn([&] {
        strangers += explain().workers > workers;
        const scoped_context one{.workers = 1};
        const std::thread::id here = std::this_thread::get_id();
        task_group alone;
        for (int k = 0; k < 5; ++k)
          alone.spawn([&] {
            strangers += std::this_thread::get_id() != here;
            ++total;
          });
        alone.wait();
      });
    group.wait();
    CHECK(strangers == 0);
    CHECK(total == 50);
  });
}

TEST_CASE("tasks: several threads run at once where there are workers") {
  for (backend* each : contract::backends_under_test()) {
    if (each->most_workers() < 2 || each->name().starts_with("shuffle")) continue;
    INFO("backend ", std::string(each->name()));
    const scoped_context scope{.backend = *each, .workers = 4, .oversubscribe = true};
    std::mutex lock;
    std::set<std::thread::id> threads;
    for (int round = 0; round < 50 && threads.size() < 2; ++round) {
      task_group group;
      for (int i = 0; i < 40; ++i)
        group.spawn([&] {
          std::this_thread::sleep_for(std::chrono::microseconds(300));
          const std::lock_guard hold(lock);
          threads.insert(std::this_thread::get_id());
        });
      group.wait();
    }
    CHECK(threads.size() >= 2);
    CHECK(threads.size() <= 4 + 3);
  }
}

TEST_CASE("tasks: never more at once than workers") {
  on_every_setting([](int workers) {
    std::atomic<int> running{0};
    std::atomic<int> too_many{0};
    task_group group;
    for (int i = 0; i < 100; ++i)
      group.spawn([&] {
        too_many += ++running > workers;
        contract::burn(100);
        --running;
      });
    group.wait();
    CHECK(too_many == 0);
  });
}

TEST_CASE("tasks: groups of several threads at once") {
  on_every_setting([](int) {
    backend& engine = find_backend(compiled_backends().front()->name());
    std::atomic<int> wrong{0};
    const auto many = [&] {
      const scoped_context scope{.backend = engine, .workers = 3, .oversubscribe = true};
      for (int round = 0; round < 10; ++round) wrong += fib(12) != 144;
    };
    std::jthread other(many);
    for (int round = 0; round < 10; ++round) wrong += fib(12) != 144;
    other.join();
    CHECK(wrong == 0);
  });
}

TEST_CASE("tasks: another thread may not wait for a group") {
  task_group group;
  bool refused = false;
  std::jthread([&] {
    try {
      group.wait();
    } catch (const error&) {
      refused = true;
    }
  }).join();
  CHECK(refused);
}
