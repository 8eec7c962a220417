// for_each, transform, invoke, find: the plain forms, on every backend.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <numeric>
#include <span>
#include <stdexcept>
#include <thread>

#include "kit.hpp"

using namespace polyloop;
using contract::failure;
using contract::on_every_schedule;
using contract::on_every_setting;
using contract::thrown_by;

namespace {

const int sizes[] = {0, 1, 2, 3, 1023, 1024, 1025, 5001};

std::vector<int> counted(int n) {
  std::vector<int> made(static_cast<std::size_t>(n));
  std::iota(made.begin(), made.end(), 0);
  return made;
}

template <class Container>
void each_element_once() {
  on_every_setting([](int) {
    for (const int n : sizes) {
      const std::vector<int> from = counted(n);
      Container data(from.begin(), from.end());
      const loop_result result = parallel_for_each(data, [](int& each) { each = 2 * each + 1; });
      CHECK(result.finished());
      CHECK(result.iterations == n);
      CHECK(std::equal(data.begin(), data.end(), from.begin(), from.end(),
                       [](int now, int before) { return now == 2 * before + 1; }));
      parallel_for_each(data.begin(), data.end(), [](int& each) { --each; });
      CHECK(std::equal(data.begin(), data.end(), from.begin(), from.end(),
                       [](int now, int before) { return now == 2 * before; }));
    }
  });
}

}  // namespace

TEST_CASE("for_each: vector, deque, list, forward_list") {
  each_element_once<std::vector<int>>();
  each_element_once<std::deque<int>>();
  each_element_once<std::list<int>>();
  each_element_once<std::forward_list<int>>();
}

TEST_CASE("for_each: arrays, views, maps, members") {
  on_every_schedule([](const schedule& how) {
    const loop_options options{.schedule = how};
    std::array<int, 100> few{};
    parallel_for_each(few, [](int& each) { each = 3; }, options);
    CHECK(std::accumulate(few.begin(), few.end(), 0) == 300);
    std::atomic<int> total{0};
    parallel_for_each(std::views::iota(0, 1000), [&](int each) { total += each; }, options);
    CHECK(total == 499'500);
    parallel_for_each(std::views::iota(0, 100) | std::views::filter([](int i) { return i % 2 == 0; }),
                      [&](int each) { total -= each; }, options);
    CHECK(total == 499'500 - 2450);
    std::map<int, int> squares;
    for (int i = 0; i < 500; ++i) squares[i] = 0;
    parallel_for_each(squares, [](auto& each) { each.second = each.first * each.first; }, options);
    CHECK(squares[499] == 499 * 499);
    struct counter {
      int count = 0;
      void add() { ++count; }
    };
    std::vector<counter> counters(200);
    parallel_for_each(counters, &counter::add, options);
    CHECK(std::all_of(counters.begin(), counters.end(), [](const counter& each) { return each.count == 1; }));
  });
}

TEST_CASE("for_each: the first failing element, in place or walked") {
  on_every_schedule([](const schedule& how) {
    const auto body = [](int each) {
      if (each >= 3'333 && each % 3 == 0) throw failure{each};
    };
    const std::vector<int> data = counted(9'000);
    const std::list<int> walked(data.begin(), data.end());
    CHECK(thrown_by([&] { parallel_for_each(data, body, {.schedule = how}); }) == 3'333);
    CHECK(thrown_by([&] { parallel_for_each(walked, body, {.schedule = how}); }) == 3'333);
  });
}

TEST_CASE("for_each: stopped, it counts elements") {
  on_every_schedule([](const schedule& how) {
    std::stop_source source;
    std::atomic<index_t> ran{0};
    const std::list<int> walked(20'000, 1);
    const auto body = [&](int) {
      if (++ran == 10) source.request_stop();
    };
    const loop_result result = parallel_for_each(walked, body, {.schedule = how, .stop = source.get_token()});
    CHECK(result.iterations == ran);
    CHECK(result.finished() == (ran == 20'000));
    CHECK(parallel_for_each(walked, body, {.schedule = how, .stop = source.get_token()}).iterations == 0);
    CHECK_THROWS_AS(parallel_for_each(walked, body, {.workers = 0}), invalid_argument);
  });
}

TEST_CASE("transform: one range, two, into ranges and iterators, in place") {
  on_every_schedule([](const schedule& how) {
    for (const int n : sizes) {
      const loop_options options{.schedule = how};
      const std::vector<int> a = counted(n);
      std::vector<index_t> twice(a.size());
      CHECK(parallel_transform(a, twice, [](int x) { return 2 * x; }, options).iterations == n);
      std::deque<index_t> sums(a.size() + 1, -1);
      parallel_transform(a, twice, sums.begin(), [](int x, index_t y) { return x + y; }, options);
      CHECK(sums.back() == -1);
      parallel_transform(twice, std::span(twice), [](index_t x) { return x + 1; }, options);
      bool right = true;
      for (std::size_t i = 0; i < a.size(); ++i)
        right = right && twice[i] == 2 * a[i] + 1 && sums[i] == 3 * a[i];
      CHECK(right);
    }
  });
}

TEST_CASE("transform: errors, lengths") {
  const std::vector<int> a = counted(5'000);
  std::vector<int> to(a.size());
  on_every_schedule([&](const schedule& how) {
    const auto fails = [](int x) { return x >= 777 ? throw failure{x} : x; };
    CHECK(thrown_by([&] { parallel_transform(a, to, fails, {.schedule = how}); }) == 777);
  });
  std::vector<int> shorter(10);
  CHECK_THROWS_WITH_AS(parallel_transform(a, shorter, std::negate<>{}),
                       "size of to is 10: expected 5000, the size of from", invalid_argument);
  CHECK_THROWS_WITH_AS(parallel_transform(a, shorter, to, std::plus<>{}),
                       "size of b is 10: expected 5000, the size of a", invalid_argument);
}

TEST_CASE("invoke: all are called once; the first exception") {
  on_every_setting([](int) {
    std::array<std::atomic<int>, 5> called{};
    for (int round = 0; round < 50; ++round) {
      const loop_result result = parallel_invoke([&] { ++called[0]; }, [&] { ++called[1]; }, [&] { ++called[2]; },
                                                 [&] { return ++called[3]; }, [&] { ++called[4]; });
      CHECK(result.finished());
      CHECK(result.iterations == 5);
    }
    for (const std::atomic<int>& each : called) CHECK(each == 50);
    int alone = 0;
    parallel_invoke([&] { ++alone; });
    CHECK(alone == 1);
    const auto nothing = [] {};
    const auto fails = [](index_t at) { return [at] { throw failure{at}; }; };
    for (int round = 0; round < 200; ++round)
      CHECK(thrown_by([&] { parallel_invoke(nothing, fails(1), nothing, fails(3)); }) == 1);
    CHECK(thrown_by([&] { parallel_invoke(fails(0), [] { throw 5; }); }) == 0);
  });
}

TEST_CASE("invoke: recursion, and options") {
  struct fibonacci {
    static index_t of(int n) {
      if (n < 10) return n < 2 ? n : of(n - 1) + of(n - 2);
      index_t a = 0;
      index_t b = 0;
      parallel_invoke([&] { a = of(n - 1); }, [&] { b = of(n - 2); });
      return a + b;
    }
  };
  on_every_setting([](int) { CHECK(fibonacci::of(17) == 1597); });
  on_every_schedule([](const schedule& how) {
    std::stop_source source;
    source.request_stop();
    std::atomic<int> ran{0};
    const auto count = [&] { ++ran; };
    const loop_result result =
        parallel_invoke({.schedule = how, .stop = source.get_token()}, count, count, count);
    CHECK_FALSE(result.finished());
    CHECK(ran == 0);
    CHECK_THROWS_AS(parallel_invoke(loop_options{.workers = 0}, count), invalid_argument);
  });
}

namespace {

/// Numbers are searched in groups: each place in one, and the first of two.
template <class T>
void find_at_each_place() {
  constexpr std::size_t n = 3 * 128 / sizeof(T);
  for (std::size_t at = 0; at < n; at += at < 2 ? 1 : n / 24) {
    std::vector<T> data(n, T(1));
    data[at] = data[n - 1] = T(0);
    const T value = 0;
    CHECK(parallel_find(data, value) == data.begin() + static_cast<std::ptrdiff_t>(at));
    CHECK(parallel_find(std::span(data).first(at), value) == std::span(data).first(at).end());
  }
}

}  // namespace

TEST_CASE("find: numbers of every size, at each place") {
  on_every_setting([](int) {
    find_at_each_place<char>();
    find_at_each_place<std::uint16_t>();
    find_at_each_place<int>();
    find_at_each_place<std::int64_t>();
    find_at_each_place<float>();
    std::vector<bool> bits(100, false);
    bits[70] = true;
    CHECK(parallel_find(bits, true) == bits.begin() + 70);
  });
}

TEST_CASE("find: the lowest of many, wherever it is") {
  on_every_schedule([](const schedule& how) {
    const loop_options options{.schedule = how};
    for (const int n : sizes) {
      const std::vector<int> data = counted(n);
      for (const int at : {0, 1, n / 2, n - 1, n}) {
        if (at < 0) continue;
        const auto reaches = [at](int each) { return each >= at; };
        CHECK(parallel_find_if(data, reaches, options) - data.begin() == std::min(at, n));
        CHECK(parallel_find_if(n, reaches, options) == std::min(at, n));
        CHECK(parallel_find(data, at, options) - data.begin() == std::min(at, n));
        CHECK(parallel_any_of(data, reaches, options) == (at < n));
        CHECK(parallel_none_of(data, reaches, options) == (at >= n));
        CHECK(parallel_all_of(data, [at](int each) { return each < at; }, options) == (at >= n));
        CHECK(parallel_any_of(n, reaches, options) == (at < n));
        CHECK(parallel_none_of(n, reaches, options) == (at >= n));
        CHECK(parallel_all_of(n, [at](int each) { return each < at; }, options) == (at >= n));
      }
    }
  });
}

TEST_CASE("find: the plain search's answer, 300 times each") {
  on_every_setting([](int) {
    constexpr index_t n = 400'000;
    int wrong = 0;
    for (index_t round = 0; round < 300; ++round) {
      const index_t lowest = round * 7919 * 131 % n;
      const auto holds = [lowest](index_t i) { return i >= lowest && (i - lowest) % 5 == 0; };
      wrong += parallel_find_if(n, holds) != lowest;
    }
    CHECK(wrong == 0);
  });
}

TEST_CASE("find: what throws behind the answer does not count, what throws before it does") {
  on_every_schedule([](const schedule& how) {
    constexpr index_t n = 100'000;
    for (const index_t at : {index_t{0}, index_t{5'000}, index_t{60'000}}) {
      const auto found_first = [at](index_t i) { return i > at ? throw failure{i} : i == at; };
      CHECK(parallel_find_if(n, found_first, {.schedule = how}) == at);
      const auto throws_first = [at](index_t i) { return i == at ? throw failure{i} : i > at; };
      CHECK(thrown_by([&] { parallel_find_if(n, throws_first, {.schedule = how}); }) == at);
    }
  });
}

TEST_CASE("find: little is searched behind the answer") {
  on_every_setting([](int workers) {
    constexpr index_t n = 50'000'000;
    std::atomic<index_t> looked{0};
    const auto holds = [&looked](index_t i) {
      looked.fetch_add(1, std::memory_order_relaxed);
      return i >= 20'000;
    };
    CHECK(parallel_find_if(n, holds) == 20'000);
    // Each worker may be in a block of 4096, or some more before it hears of the answer.
    if (workers == 1) CHECK(looked < 30'000);
    CHECK(looked < n / 2);
  });
}

TEST_CASE("find: stopped before the answer was known") {
  on_every_schedule([](const schedule& how) {
    std::stop_source source;
    source.request_stop();
    const auto never = [](index_t) { return false; };
    CHECK_THROWS_AS(parallel_find_if(index_t{1000}, never, {.schedule = how, .stop = source.get_token()}), stopped);
    const auto past = std::chrono::steady_clock::now() - std::chrono::seconds(1);
    CHECK_THROWS_AS(parallel_any_of(index_t{1000}, never, {.schedule = how, .deadline = past}), stopped);
    const std::stop_source unused;
    CHECK(parallel_find_if(index_t{1000}, never, {.schedule = how, .stop = unused.get_token()}) == 1000);
  });
  CHECK_THROWS_AS(parallel_find_if(-1, [](int) { return true; }), invalid_argument);
  CHECK_THROWS_AS(parallel_find_if(5, [](int) { return true; }, {.workers = 0}), invalid_argument);
}

TEST_CASE("find: within loops, and from many threads") {
  on_every_setting([](int) {
    const std::vector<int> data = counted(100'000);
    std::atomic<int> right{0};
    const auto look_for = [&](int value) { right += parallel_find(data, value) - data.begin() == value; };
    parallel_for(40, [&](int i) { look_for(i * 2000); }, {.schedule = schedule::dynamic()});
    CHECK(right == 40);
    std::vector<std::jthread> callers;
    for (int t = 0; t < 4; ++t)
      callers.emplace_back([&, t] {
        for (int round = 0; round < 10; ++round) look_for(t * 20'000 + round);
      });
    callers.clear();
    CHECK(right == 80);
  });
}
