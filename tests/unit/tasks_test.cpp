// The deque of tasks, and groups on backends that only have run().
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <memory>
#include <polyloop/polyloop.hpp>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include "task_deque.hpp"

using namespace polyloop;
using detail::task;
using detail::task_deque;

namespace {

constexpr auto any = [](const task&) { return true; };

std::vector<task> numbered(int n) {
  std::vector<task> tasks(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) tasks[static_cast<std::size_t>(i)].index = i;
  return tasks;
}

/// A thread for each worker, which takes its share; no more than the contract of run() asks for.
struct plain_threads final : backend {
  std::string_view name() const noexcept override { return "plain threads"; }
  void run(const loop& work) override {
    std::vector<std::jthread> others;
    const index_t count = work.end - work.begin;
    const auto share = [&work, count](int worker) {
      const index_t first = work.begin + count * worker / work.workers;
      const index_t last = work.begin + count * (worker + 1) / work.workers;
      if (first < last) work.chunk(first, last, worker);
    };
    for (int worker = 1; worker < work.workers; ++worker) others.emplace_back(share, worker);
    share(0);
  }
};

struct fails_to_run final : backend {
  std::string_view name() const noexcept override { return "fails to run"; }
  void run(const loop&) override { throw std::runtime_error("no threads"); }
};

int leaves(int levels) {
  if (levels == 0) return 1;
  std::array<int, 2> below{};
  task_group group;
  for (int& each : below) group.spawn([&each, levels] { each = leaves(levels - 1); });
  group.wait();
  return below[0] + below[1];
}

}  // namespace

TEST_CASE("task deque: the owner takes the newest, a thief the oldest") {
  auto tasks = numbered(300);
  task_deque deque;
  for (task& each : tasks) deque.push(each);
  bool other = false;
  CHECK(deque.pop(any, other)->index == 299);
  CHECK(deque.steal(any, 1)->index == 0);
  CHECK(deque.pop(any, other)->index == 298);
  CHECK(deque.steal(any, 1)->index == 1);
  for (index_t i = 297; i > 1; --i) CHECK(deque.pop(any, other)->index == i);
  CHECK(deque.pop(any, other) == nullptr);
  CHECK_FALSE(other);
  CHECK(deque.steal(any, 1) == nullptr);
  CHECK(deque.looks_empty());
}

TEST_CASE("task deque: only wanted ones, from anywhere") {
  auto tasks = numbered(10);
  task_deque deque;
  for (task& each : tasks) deque.push(each);
  const auto is = [](index_t wanted) { return [wanted](const task& each) { return each.index == wanted; }; };
  bool other = false;
  CHECK(deque.pop(is(4), other) == nullptr);
  CHECK(other);
  CHECK(deque.pop_from(5, is(4)) == nullptr);
  CHECK(deque.pop_from(2, is(4))->index == 4);
  CHECK(deque.steal(is(6), 5) == nullptr);
  CHECK(deque.steal(is(6), task_deque::all_of_them)->index == 6);
  CHECK(deque.steal(is(0), 1)->index == 0);
  std::vector<index_t> left;
  while (task* each = left.size() % 2 == 0 ? deque.pop(any, other) : deque.steal(any, task_deque::all_of_them))
    left.push_back(each->index);
  CHECK(left == std::vector<index_t>{9, 1, 8, 2, 7, 3, 5});
}

TEST_CASE("task deque: each task is taken once, whoever takes it") {
  constexpr int n = 20'000;
  auto tasks = numbered(n);
  std::vector<std::atomic<int>> taken(n);
  std::atomic<bool> ended{false};
  task_deque deque;
  const auto note = [&taken](const task* each) {
    if (each != nullptr) ++taken[static_cast<std::size_t>(each->index)];
  };
  const auto thief = [&](index_t every) {
    while (!ended) note(deque.steal([every](const task& each) { return each.index % every == 0; }, 8));
  };
  std::vector<std::jthread> thieves;
  for (const index_t every : {1, 1, 3}) thieves.emplace_back(thief, every);
  bool other = false;
  for (int i = 0; i < n; ++i) {
    deque.push(tasks[static_cast<std::size_t>(i)]);
    if (i % 3 != 0) note(deque.pop([](const task& each) { return each.index % 5 != 0; }, other));
    if (i % 100 == 7) note(deque.pop_from(0, any));
  }
  ended = true;
  thieves.clear();  // a thief who looks hides tasks from others
  while (!deque.looks_empty()) note(deque.pop(any, other));
  for (const std::atomic<int>& times : taken) CHECK(times.load() == 1);
}

TEST_CASE("task deque: a look at all of them misses none that a thief only looks at") {
  auto tasks = numbered(1);
  task_deque deque;
  deque.push(tasks[0]);
  std::atomic<bool> ended{false};
  std::jthread thief([&] {
    while (!ended) deque.steal([](const task&) { return false; }, 1);
  });
  int missed = 0;
  for (int i = 0; i < 20'000; ++i) {
    task* const found = deque.steal(any, task_deque::all_of_them);
    missed += found == nullptr;
    if (found != nullptr) deque.push(*found);
  }
  ended = true;
  CHECK(missed == 0);
}

TEST_CASE("tasks: on a backend that only has run(), and on one that cannot run") {
  plain_threads plain;
  fails_to_run failing;
  for (backend* each : std::array<backend*, 2>{&plain, &failing}) {
    for (const int workers : {1, 2, 5}) {
      const scoped_context scope{.backend = *each, .workers = workers, .oversubscribe = true};
      CHECK(leaves(8) == 256);
    }
  }
}

TEST_CASE("tasks: many that are given by one thread and end on another keep no memory") {
  plain_threads plain;
  const scoped_context scope{.backend = plain, .workers = 2, .oversubscribe = true};
  std::atomic<int> ran{0};
  task_group group;
  for (int i = 0; i < 5000; ++i) group.spawn([&ran] { ++ran; });
  group.wait();
  CHECK(ran == 5000);
}
