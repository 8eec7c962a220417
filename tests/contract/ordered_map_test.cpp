// ordered_map: results in order, computed ahead, on every backend.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <optional>
#include <ranges>
#include <string>
#include <thread>

#include "kit.hpp"

using namespace polyloop;
using contract::failure;
using contract::on_every_setting;
using contract::thrown_by;

TEST_CASE("ordered_map: all results, in order") {
  on_every_setting([](int) {
    for (const int n : {0, 1, 2, 300}) {
      for (const index_t window : {1, 2, 5, 0}) {
        int next = 0;
        auto results = ordered_map(
            std::views::iota(0, n),
            [](int x) {
              contract::burn(30 * (x % 4));
              return std::make_unique<int>(3 * x);
            },
            {.window = window});
        bool good = true;
        for (std::unique_ptr<int>& each : results) good = *std::move(each) == 3 * next++ && good;
        CHECK(good);
        CHECK(next == n);
        CHECK(results.result().finished());
        CHECK(results.result().iterations == n);
      }
    }
  });
}

TEST_CASE("ordered_map: elements stay in place, generators give values") {
  on_every_setting([](int) {
    std::vector<std::string> words{"a", "bc", "def"};
    std::vector<const std::string*> where;
    for (const std::string* each : ordered_map(words, [](const std::string& word) { return &word; })) where.push_back(each);
    CHECK(where == std::vector<const std::string*>{&words[0], &words[1], &words[2]});
    std::size_t letters = 0;
    auto generate = [n = 0]() mutable { return n < 9 ? std::optional(std::string(static_cast<std::size_t>(n++), 'x')) : std::nullopt; };
    for (const std::size_t size : ordered_map(generate, [](std::string text) { return text.size(); })) letters += size;
    CHECK(letters == 36);
  });
}

TEST_CASE("ordered_map: no more items are taken than the window allows") {
  on_every_setting([](int) {
    for (const int window : {1, 3, 8}) {
      std::atomic<int> taken{0};
      std::atomic<int> seen{0};
      std::atomic<bool> good{true};
      const auto source = [&]() -> std::optional<int> {
        if (taken == 100) return std::nullopt;
        if (taken - seen >= window) good = false;
        return taken++;
      };
      for ([[maybe_unused]] const int each : ordered_map(source, [](int x) { return x; }, {.window = window})) ++seen;
      CHECK(good);
      CHECK(seen == 100);
    }
  });
}

TEST_CASE("ordered_map: an error comes in its place") {
  on_every_setting([](int) {
    for (const int wrong : {0, 1, 40}) {
      int next = 0;
      const auto f = [wrong](int x) {
        if (x >= wrong) throw failure{x};
        return x;
      };
      auto results = ordered_map(std::views::iota(0, 100), f, {.window = 7});
      CHECK(thrown_by([&] {
              for (const int each : results) CHECK(each == next++);
            }) == wrong);
      CHECK(next == wrong);
      CHECK(results.begin() == results.end());  // it is over
    }
    int next = 0;
    auto source = [n = 0]() mutable -> std::optional<int> {
      if (n == 12) throw failure{n};
      return n++;
    };
    CHECK(thrown_by([&] {
            for (const int each : ordered_map(source, [](int x) { return x; })) CHECK(each == next++);
          }) == 12);
    CHECK(next == 12);
  });
}

TEST_CASE("ordered_map: policies") {
  on_every_setting([](int) {
    std::atomic<int> told{0};
    std::vector<int> seen;
    const auto run = [&] {
      for (const int each : ordered_map(
               std::views::iota(0, 50),
               [](int x) {
                 if (x % 20 == 5) throw failure{x};
                 return x;
               },
               {.errors = error_policy{.collect = true, .retry = {.times = 2}, .on_failure = [&](const loop_failure&) { ++told; }}}))
        seen.push_back(each);
    };
    try {
      run();
      FAIL("nothing was thrown");
    } catch (const loop_errors& all) {
      REQUIRE(all.failures().size() == 3);
      CHECK(all.failures()[2].index == 45);
      CHECK(all.failures()[2].attempt == 3);
    }
    CHECK(told == 9);
    CHECK(seen.size() == 47);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
  });
}

TEST_CASE("ordered_map: stopped, left early, moved") {
  on_every_setting([](int) {
    std::stop_source stop;
    int next = 0;
    auto results = ordered_map(std::views::iota(0, 1000), [](int x) { return x; }, {.window = 4, .stop = stop.get_token()});
    for (const int each : results) {
      CHECK(each == next++);
      if (each == 20) stop.request_stop();
    }
    CHECK(!results.result().finished());
    CHECK(next >= 21);
    CHECK(next <= 25);
    auto left = ordered_map(std::views::iota(0), [](int x) { return std::make_unique<int>(x); }, {.window = 16});
    auto moved = std::move(left);
    for (const auto& each : moved)
      if (*each == 5) break;
    CHECK(moved.result().iterations == 6);
  });
}

TEST_CASE("ordered_map: loops around it, in it and beside it") {
  on_every_setting([](int) {
    std::atomic<int> total{0};
    parallel_for(3, [&](int) {
      const auto f = [](int x) { return parallel_reduce(100, sum<int>{}, [x](int i) { return x + i; }); };
      for (const int each : ordered_map(std::views::iota(0, 10), f)) parallel_for(each % 7, [&](int) { ++total; });
    });
    int expected = 0;
    for (int x = 0; x < 10; ++x) expected += (4950 + 100 * x) % 7;
    CHECK(total == 3 * expected);
  });
}
