// Policies for iterations that throw: collected, retried, told of; the same on every backend.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <list>
#include <numeric>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "kit.hpp"

using namespace polyloop;
using contract::on_every_schedule;
using contract::on_every_setting;
using namespace std::chrono_literals;

namespace {

struct temporary_failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The failures of a loop that collects; none if it throws nothing.
template <class Loop>
std::vector<loop_failure> collected(const Loop& loop) {
  try {
    loop();
  } catch (const loop_errors& all) {
    return all.failures();
  }
  return {};
}

std::vector<index_t> indices(const std::vector<loop_failure>& failures) {
  std::vector<index_t> all;
  for (const loop_failure& each : failures) all.push_back(each.index);
  return all;
}

const error_policy collecting{.collect = true};

}  // namespace

TEST_CASE("policy: collected failures have all indices, in order, and the others have run") {
  constexpr int n = 1001;
  const auto fails = [](int i) { return i % 97 == 41 || i == n - 1; };
  std::vector<index_t> expected;
  for (int i = 0; i < n; ++i)
    if (fails(i)) expected.push_back(i);
  on_every_schedule([&](const schedule& how) {
    std::vector<std::atomic<int>> runs(n);
    const auto failures = collected([&] {
      parallel_for(n,
                   [&](int i) {
                     ++runs[static_cast<std::size_t>(i)];
                     if (fails(i)) throw std::runtime_error("number " + std::to_string(i));
                   },
                   {.schedule = how, .errors = collecting});
    });
    CHECK(indices(failures) == expected);
    for (const loop_failure& each : failures) CHECK(in_words(each.what) == "number " + std::to_string(each.index));
    CHECK(std::ranges::all_of(runs, [](const std::atomic<int>& times) { return times == 1; }));
  });
}

TEST_CASE("policy: collecting loops may be stopped, and throw what failed until then") {
  on_every_setting([](int) {
    std::stop_source source;
    std::atomic<int> ran{0};
    const auto failures = collected([&] {
      parallel_for(100'000,
                   [&](int) {
                     if (++ran == 50) source.request_stop();
                     throw 1;
                   },
                   {.stop = source.get_token(), .errors = collecting});
    });
    CHECK(failures.size() == static_cast<std::size_t>(ran));
    CHECK(ran < 100'000);
  });
}

TEST_CASE("policy: what fails for a time is run again, and the loop goes well") {
  on_every_schedule([](const schedule& how) {
    constexpr int n = 500;
    std::vector<std::atomic<int>> runs(n);
    const error_policy thrice{.retry = {.times = 2}};
    const auto body = [&](int i) {
      const int run = ++runs[static_cast<std::size_t>(i)];
      if (i % 50 == 7 && run <= 2) throw temporary_failure("not yet");
    };
    CHECK(parallel_for(n, body, {.schedule = how, .errors = thrice}).finished());
    for (int i = 0; i < n; ++i) CHECK(runs[static_cast<std::size_t>(i)] == (i % 50 == 7 ? 3 : 1));
  });
}

TEST_CASE("policy: what fails every time ends the loop as without a policy") {
  on_every_schedule([](const schedule& how) {
    std::array<std::atomic<int>, 300> runs{};
    const error_policy thrice{.retry = {.times = 2}};
    const auto body = [&](int i) {
      ++runs[static_cast<std::size_t>(i)];
      if (i % 100 == 41) throw i;
    };
    int thrown = -1;
    try {
      parallel_for(300, body, {.schedule = how, .errors = thrice});
    } catch (const int index) {
      thrown = index;
    }
    CHECK(thrown == 41);
    CHECK(runs[41] == 3);
  });
}

TEST_CASE("policy: only what is worth it is run again, and the rest is collected") {
  on_every_setting([](int) {
    std::atomic<int> runs{0};
    const error_policy choosy{.collect = true,
                              .retry = {.times = 3, .backoff = 1us, .only_if = [](const std::exception_ptr& what) {
                                          return in_words(what) == "temporary";
                                        }}};
    const auto failures = collected([&] {
      parallel_for(20,
                   [&](int i) {
                     ++runs;
                     if (i == 3) throw temporary_failure("temporary");
                     if (i == 5) throw std::runtime_error("for ever");
                   },
                   {.errors = choosy});
    });
    REQUIRE(indices(failures) == std::vector<index_t>{3, 5});
    CHECK(failures[0].attempt == 4);
    CHECK(failures[1].attempt == 1);
    CHECK(runs == 20 + 3);
  });
}

TEST_CASE("policy: every failed attempt is told, one at a time") {
  on_every_setting([](int) {
    std::vector<loop_failure> told;  // no lock: told one at a time
    const error_policy telling{
        .collect = true, .retry = {.times = 1}, .on_failure = [&](const loop_failure& seen) { told.push_back(seen); }};
    const auto failures = collected([&] {
      parallel_for(200,
                   [](int i) {
                     if (i % 2 == 0) throw i;
                   },
                   {.schedule = schedule::dynamic(), .errors = telling});
    });
    CHECK(failures.size() == 100);
    CHECK(told.size() == 200);
  });
}

TEST_CASE("policy: what on_failure throws ends the loop") {
  on_every_setting([](int) {
    const error_policy strict{.collect = true, .on_failure = [](const loop_failure& seen) {
                                throw std::logic_error("told of " + std::to_string(seen.index));
                              }};
    const auto loop = [&] {
      parallel_for(50,
                   [](int i) {
                     if (i >= 20) throw 1;
                   },
                   {.errors = strict});
    };
    CHECK_THROWS_WITH_AS(loop(), "told of 20", std::logic_error);
  });
}

TEST_CASE("policy: a stop ends the wait before another attempt") {
  on_every_setting([](int) {
    std::stop_source source;
    const error_policy patient{.retry = {.times = 1'000'000, .backoff = 1h}};
    const auto body = [&](int i) {
      if (i != 0) return;
      source.request_stop();
      throw temporary_failure("stopped");
    };
    CHECK_THROWS_AS(parallel_for(3, body, {.stop = source.get_token(), .errors = patient}), temporary_failure);
  });
}

TEST_CASE("policy: the deadline ends the wait before another attempt") {
  on_every_setting([](int) {
    const error_policy patient{.retry = {.times = 1'000'000, .backoff = 1h}};
    const auto fail = [](int) { throw temporary_failure("late"); };
    const auto soon = std::chrono::steady_clock::now() + 2ms;
    try {
      parallel_for(3, fail, {.deadline = soon, .errors = patient});
      CHECK(std::chrono::steady_clock::now() >= soon);  // nothing had begun
    } catch (const temporary_failure&) {
      CHECK(std::chrono::steady_clock::now() >= soon);
    }
  });
}

TEST_CASE("policy: reductions, by element") {
  on_every_schedule([](const schedule& how) {
    constexpr index_t n = 5000;
    const auto value = [](index_t i) { return 1.0 / static_cast<double>(i + 1); };
    std::vector<std::atomic<int>> runs(n);
    const error_policy twice{.retry = {.times = 1}};
    const double with_retries = parallel_reduce(n, sum<double>{}, [&](index_t i) {
      if (++runs[static_cast<std::size_t>(i)] == 1 && i % 900 == 5) throw temporary_failure("once");
      return value(i);
    }, {.schedule = how, .errors = twice});
    CHECK(with_retries == parallel_reduce(n, sum<double>{}, value));
    const auto failures = collected([&] {
      parallel_reduce(n, sum<double>{}, [&](index_t i) {
        if (i % 900 == 5) throw 1;
        return value(i);
      }, {.schedule = how, .errors = collecting});
    });
    CHECK(indices(failures) == std::vector<index_t>{5, 905, 1805, 2705, 3605, 4505});
  });
}

TEST_CASE("policy: the iterations of steps and grids are counted in serial order") {
  on_every_setting([](int) {
    const auto steps = collected([] {
      parallel_for(range<int>{-10, 10, 5}, [](int i) { if (i == 0) throw 1; }, {.errors = collecting});
    });
    CHECK(indices(steps) == std::vector<index_t>{2});
    const auto cells = collected([] {
      parallel_for(grid2{7, 9}, [](index_t row, index_t column) { if (row == column) throw 1; },
                   {.errors = collecting});
    });
    CHECK(indices(cells) == std::vector<index_t>{0, 10, 20, 30, 40, 50, 60});
  });
}

TEST_CASE("policy: loops in loops have policies of their own") {
  on_every_setting([](int) {
    const auto outer = collected([] {
      parallel_for(8, [](int i) {
        parallel_for(10, [i](int j) { if (i == 3 && j > 6) throw std::runtime_error("inner"); }, {.errors = collecting});
      }, {.errors = collecting});
    });
    REQUIRE(indices(outer) == std::vector<index_t>{3});
    CHECK(in_words(outer[0].what) == "3 of 10 iterations failed: 7: inner; 8: inner; 9: inner");
  });
}

TEST_CASE("policy: wrong ones are refused before anything has run") {
  on_every_setting([](int) {
    bool ran = false;
    const auto loop = [&](const error_policy& policy) { parallel_for(3, [&](int) { ran = true; }, {.errors = policy}); };
    CHECK_THROWS_AS(loop({.retry = {.times = -1}}), invalid_argument);
    CHECK_THROWS_AS(loop({.retry = {.times = 1, .backoff = -1ns}}), invalid_argument);
    CHECK_FALSE(ran);
  });
}

TEST_CASE("policy: many failures print as the first ones") {
  const auto all = [] { parallel_for(25, [](int i) { throw std::runtime_error("e" + std::to_string(i)); }, {.errors = collecting}); };
  CHECK_THROWS_WITH_AS(all(),
                       "25 of 25 iterations failed: 0: e0; 1: e1; 2: e2; 3: e3; 4: e4; 5: e5; 6: e6; 7: e7; 8: e8; 9: e9; "
                       "and 15 more",
                       loop_errors);
}

TEST_CASE("policy: what was thrown is told in words, with what is nested in it") {
  try {
    try {
      throw std::runtime_error("inside");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outside"));
    }
  } catch (...) {
    CHECK(in_words(std::current_exception()) == "outside: inside");
  }
  CHECK(in_words(std::make_exception_ptr(1)).find("another type") != std::string::npos);
}

TEST_CASE("policy: for_each is about elements, also of a range that can only be walked") {
  on_every_setting([](int) {
    std::list<int> walked(5000);
    std::iota(walked.begin(), walked.end(), 0);
    std::vector<std::atomic<int>> runs(walked.size());
    const auto failures = collected([&] {
      parallel_for_each(
          walked,
          [&](int each) {
            ++runs[static_cast<std::size_t>(each)];
            if (each % 1000 == 1) throw each;
          },
          {.errors = collecting});
    });
    CHECK(indices(failures) == std::vector<index_t>{1, 1001, 2001, 3001, 4001});
    CHECK(std::ranges::all_of(runs, [](const std::atomic<int>& times) { return times == 1; }));
    std::atomic<int> calls{0};
    const auto once_more = [&](int) {
      if (++calls == 1) throw temporary_failure("once");
    };
    const error_policy twice{.retry = {.times = 1}};
    CHECK(parallel_for_each(walked, once_more, {.errors = twice}).iterations == 5000);
    CHECK(calls == 5001);
  });
}

TEST_CASE("policy: scans, by element") {
  constexpr int n = 5000;
  on_every_schedule([](const schedule& how) {
    std::vector<std::atomic<int>> attempts(n);
    std::vector<index_t> prefixes(n);
    const error_policy again{.retry = {.times = 1}};
    const index_t total = parallel_inclusive_scan(
        n, sum<index_t>{},
        [&](int i) {
          if (i % 50 == 0 && ++attempts[static_cast<std::size_t>(i)] == 1) throw temporary_failure("once");
          return index_t{i};
        },
        [&](int i, index_t prefix) { prefixes[static_cast<std::size_t>(i)] = prefix; }, {.schedule = how, .errors = again});
    CHECK(total == index_t{n - 1} * n / 2);
    bool good = true;
    for (index_t i = 0; i < n; ++i) good = good && prefixes[static_cast<std::size_t>(i)] == i * (i + 1) / 2;
    CHECK(good);
    const auto failures = collected([&] {
      parallel_exclusive_scan(
          n, index_t{0}, sum<index_t>{},
          [](int i) {
            if (i % 1000 == 7) throw temporary_failure("always");
            return index_t{1};
          },
          [](int i, index_t) {
            if (i == 4500) throw temporary_failure("no room");
          },
          {.schedule = how, .errors = collecting});
    });
    CHECK(indices(failures) == std::vector<index_t>{7, 1007, 2007, 3007, 4007, 4500});
  });
}

TEST_CASE("policy: searches, by element, up to what they find") {
  on_every_schedule([](const schedule& how) {
    constexpr int n = 3000;
    const auto search = [&](const error_policy& policy, const auto& holds) {
      return parallel_find_if(n, holds, {.schedule = how, .errors = policy});
    };
    std::vector<std::atomic<int>> attempts(n);
    const error_policy again{.retry = {.times = 2}};
    CHECK(search(again, [&](int i) {
            if (i % 100 == 3 && ++attempts[static_cast<std::size_t>(i)] < 3) throw temporary_failure("twice");
            return i == 2503;
          }) == 2503);
    const auto failures = collected([&] {
      search(collecting, [](int i) {
        if (i % 700 == 5) throw temporary_failure("always");
        return i >= 1500;
      });
    });
    CHECK(indices(failures) == std::vector<index_t>{5, 705, 1405});
    CHECK(search(collecting, [](int i) {
            if (i > 2000) throw temporary_failure("behind");
            return i >= 1500;
          }) == 1500);
  });
}
