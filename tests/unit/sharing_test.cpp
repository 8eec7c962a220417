#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <latch>
#include <memory>
#include <polyloop/padded.hpp>
#include <polyloop/parallel_for.hpp>
#include <polyloop/synchronized.hpp>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace polyloop;

TEST_CASE("synchronized: one at a time, on every backend") {
  for (backend* each : compiled_backends()) {
    const scoped_context scope{.backend = *each, .workers = 4, .oversubscribe = true};
    synchronized<std::vector<int>> seen;
    synchronized<long> total(5L);
    parallel_for(5000,
                 [&](int i) {
                   seen.with([i](std::vector<int>& all) { all.push_back(i); });
                   *total.lock() += i;
                 },
                 {.schedule = schedule::dynamic(16)});
    CHECK(seen.lock()->size() == 5000);
    CHECK(total.with([](long& value) { return value; }) == 5L + 4999L * 5000L / 2);
  }
}

TEST_CASE("synchronized: readers share, and a throw lets go") {
  synchronized<int, std::shared_mutex> value(3);
  std::latch both(2);  // opens only while both are inside
  const auto read = [&] {
    std::as_const(value).with([&](const int& now) {
      both.arrive_and_wait();
      CHECK(now == 3);
    });
  };
  {
    const std::jthread other(read);
    read();
  }
  CHECK_THROWS_AS(value.with([](int& now) {
    now = 4;
    throw std::runtime_error("inside");
  }),
                  std::runtime_error);
  CHECK(*value.lock() == 4);
  synchronized<std::unique_ptr<int>> movable(std::make_unique<int>(7));
  CHECK(**movable.lock() == 7);
  const synchronized<std::vector<int>> made(std::in_place, 3U, 9);
  CHECK(made.lock()->size() == 3);
}

TEST_CASE("padded: no two share a cache line") {
  std::array<padded<std::atomic<int>>, 4> counts;
  static_assert(sizeof(padded<char>) == padding_size);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    CHECK(reinterpret_cast<std::uintptr_t>(&counts[i]) % padding_size == 0);
    CHECK(*counts[i] == 0);
    counts[i]->fetch_add(static_cast<int>(i));
  }
  CHECK(*counts[3] == 3);
  CHECK(*padded<std::vector<int>>(std::in_place, 2U, 5) == std::vector<int>{5, 5});
}
