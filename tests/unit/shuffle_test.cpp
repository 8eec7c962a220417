// The backend for tests: shows loops whose result depends on the order, lets good ones pass.
#include <doctest/doctest.h>

#include <algorithm>
#include <mutex>
#include <numeric>
#include <polyloop/polyloop.hpp>
#include <polyloop/testing/shuffle_backend.hpp>
#include <set>
#include <thread>
#include <utility>
#include <vector>

using namespace polyloop;

namespace {

/// The order in which a loop over n ran on the backend.
template <class Loop>
std::vector<index_t> order_of(backend& engine, const Loop& run) {
  const scoped_context scope{.backend = engine, .workers = 2, .oversubscribe = true};
  std::mutex lock;
  std::vector<index_t> order;
  run([&](index_t i) {
    const std::lock_guard hold(lock);
    order.push_back(i);
  });
  return order;
}

std::vector<index_t> order_on(backend& engine, index_t n) {
  return order_of(engine, [n](const auto& note) { parallel_for(n, note, {.schedule = schedule::dynamic()}); });
}

std::vector<index_t> in_order(index_t n) {
  std::vector<index_t> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), index_t{0});
  return all;
}

/// A prefix sum that somebody took for a parallel loop.
std::vector<int> running_sum(std::size_t n) {
  std::vector<int> sums(n);
  int total = 0;
  parallel_for(n, [&](std::size_t i) {
    total += static_cast<int>(i);
    sums[i] = total;
  });
  return sums;
}

std::vector<int> squares(std::size_t n) {
  std::vector<int> result(n);
  parallel_for(n, [&](std::size_t i) { result[i] = static_cast<int>(i * i); });
  return result;
}

/// Takes what the thread did last for what the iteration before did.
std::vector<index_t> change_within_thread(index_t n) {
  static thread_local index_t last;
  last = -1;
  std::vector<index_t> steps(static_cast<std::size_t>(n));
  parallel_for(n, [&](index_t i) { steps[static_cast<std::size_t>(i)] = i - std::exchange(last, i); },
               {.schedule = schedule::dynamic()});
  return steps;
}

}  // namespace

TEST_CASE("shuffle: every index once, in another order") {
  for (const bool interleave : {false, true}) {
    testing::shuffle_backend shuffled({.seed = 3, .interleave = interleave});
    for (const index_t n : {0, 1, 2, 3, 101, 4096, 4097, 20011}) {
      std::vector<index_t> order = order_on(shuffled, n);
      if (n > 3) CHECK(order != in_order(n));
      std::sort(order.begin(), order.end());
      CHECK(order == in_order(n));
    }
  }
}

TEST_CASE("shuffle: the same seed gives the same order, loop by loop; another seed another") {
  testing::shuffle_backend one({.seed = 5});
  testing::shuffle_backend same({.seed = 5});
  testing::shuffle_backend other({.seed = 6});
  const auto first = order_on(one, 100);
  CHECK(first == order_on(same, 100));
  CHECK(first != order_on(other, 100));
  const auto second = order_on(one, 100);
  CHECK(second != first);
  CHECK(second == order_on(same, 100));
}

TEST_CASE("shuffle: shows a running sum in a loop body; a good loop passes") {
  const std::vector<int> plain_sums = [] {
    const scoped_context scope{.workers = 1};
    return running_sum(500);
  }();
  const std::vector<int> plain_squares = [] {
    const scoped_context scope{.workers = 1};
    return squares(500);
  }();
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    testing::shuffle_backend shuffled({.seed = seed});
    const scoped_context scope{.backend = shuffled, .workers = 2, .oversubscribe = true};
    CHECK(squares(500) == plain_squares);
    CHECK(parallel_reduce(5000, sum<double>{}, [](int i) { return 1.0 / (i + 1); }) ==
          doctest::Approx(9.0945).epsilon(1e-3));
  }
  // The call site has learned that it is small, and is seen again within 1024 loops.
  testing::shuffle_backend shuffled;
  const scoped_context scope{.backend = shuffled, .workers = 2, .oversubscribe = true};
  int shown = 0;
  for (int round = 0; round < 1100 + 10; ++round) shown += running_sum(500) != plain_sums;
  CHECK(shown >= 10);
}

TEST_CASE("shuffle: small loops are shuffled again and again") {
  testing::shuffle_backend shuffled;
  const auto note = [&shuffled] {
    return order_of(shuffled, [](const auto& body) { parallel_for(index_t{20}, body); });
  };
  CHECK(note() != in_order(20));
  for (int round = 0; round < 50; ++round) CHECK(note() != in_order(20));
}

TEST_CASE("shuffle: interleaving takes turns between two threads, one at a time") {
  testing::shuffle_backend two({.seed = 1, .interleave = true});
  const scoped_context scope{.backend = two, .workers = 2, .oversubscribe = true};
  std::set<std::thread::id> threads;  // unguarded: one body at a time
  int running = 0;
  int most = 0;
  parallel_for(
      300,
      [&](int) {
        most = std::max(most, ++running);
        threads.insert(std::this_thread::get_id());
        --running;
      },
      {.schedule = schedule::dynamic()});
  CHECK(most == 1);
  CHECK(threads.size() == 2);
}

TEST_CASE("shuffle: shows what is kept in a thread") {
  const std::vector<index_t> plain = [] {
    const scoped_context scope{.workers = 1};
    return change_within_thread(200);
  }();
  testing::shuffle_backend two({.seed = 1, .interleave = true});
  const scoped_context scope{.backend = two, .workers = 2, .oversubscribe = true};
  CHECK(change_within_thread(200) != plain);
}

TEST_CASE("shuffle: a throwing body gives the serial exception, whatever the order") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    testing::shuffle_backend shuffled({.seed = seed, .interleave = seed % 2 == 0});
    const scoped_context scope{.backend = shuffled, .workers = 2, .oversubscribe = true};
    try {
      parallel_for(300, [](int i) {
        if (i % 50 == 33) throw i;
      });
      FAIL("nothing was thrown");
    } catch (const int at) {
      CHECK(at == 33);
    }
  }
}
