// worker_local and ordered_log, on every backend.
#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "kit.hpp"

using namespace polyloop;
using contract::on_every_schedule;
using contract::on_every_setting;

TEST_CASE("worker_local: a value for each, and together") {
  on_every_setting([](int workers) {
    worker_local<long> counts;
    CHECK(counts.combine(commutative, std::plus<>()) == 0);
    parallel_for(5000, [&](int i) { *counts.borrow() += i; }, {.schedule = schedule::dynamic(7)});
    CHECK(counts.combine(commutative, std::plus<>()) == 4999L * 2500);
    CHECK(counts.size() <= static_cast<std::size_t>(workers));
    parallel_for(5000, [&](int i) { *counts.borrow() -= i; });
    CHECK(counts.combine(commutative, std::plus<>()) == 0);
    counts.clear();
    CHECK(counts.size() == 0);
  });
}

TEST_CASE("worker_local: nobody else's while it is borrowed, nested loops included") {
  on_every_setting([](int) {
    worker_local<int> scratch;
    std::atomic<bool> good{true};
    parallel_for(
        20,
        [&](int i) {
          auto outer = scratch.borrow();
          *outer = i;
          parallel_for(20, [&](int k) {
            auto inner = scratch.borrow();
            if (&*inner == &*outer) good = false;
            *inner = -k;
          }, {.schedule = schedule::dynamic(1)});
          if (*outer != i) good = false;
        },
        {.schedule = schedule::dynamic(1)});
    CHECK(good);
  });
}

TEST_CASE("worker_local: what makes a value may throw") {
  on_every_setting([](int) {
    worker_local<int> values([]() -> int { throw contract::failure{3}; });
    CHECK(contract::thrown_by([&] { parallel_for(10, [&](int) { *values.borrow() += 1; }); }) == 3);
  });
}

TEST_CASE("ordered_log: in the order of the iterations") {
  on_every_schedule([](const schedule& how) {
    ordered_log<std::unique_ptr<std::string>> found;
    parallel_for(3000, [&](int i) {
      for (int k = 0; k < i % 3; ++k) found.append(i, std::make_unique<std::string>(std::to_string(i) + '.' + std::to_string(k)));
    }, {.schedule = how});
    const auto all = found.take();
    REQUIRE(all.size() == 3000);
    std::size_t at = 0;
    int wrong = 0;
    for (int i = 0; i < 3000; ++i)
      for (int k = 0; k < i % 3; ++k) wrong += *all[at++] != std::to_string(i) + '.' + std::to_string(k);
    CHECK(wrong == 0);
    CHECK(found.take().empty());
  });
}

// A thread's part may be another one's meanwhile: threads 16 apart have one place.
TEST_CASE("ordered_log: what many threads append to one index stays in their order") {
  ordered_log<int> found;
  for (int i = 0; i < 100; ++i) std::thread([&found, i] { found.append(0, i); }).join();
  const auto all = found.take();
  REQUIRE(all.size() == 100);
  CHECK(std::is_sorted(all.begin(), all.end()));
}
