// Pipelines: order, bounds, errors and stops, on every backend.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "kit.hpp"

using namespace polyloop;
using contract::failure;
using contract::on_every_setting;
using contract::thrown_by;

namespace {

std::vector<int> counted(int n) {
  std::vector<int> made(static_cast<std::size_t>(n));
  std::iota(made.begin(), made.end(), 0);
  return made;
}

/// Counts those that are alive.
struct tracked {
  explicit tracked(int v) : value(v) { ++alive; }
  tracked(tracked&& other) noexcept : value(other.value) { ++alive; }
  tracked& operator=(tracked&&) = delete;
  ~tracked() { --alive; }
  int value;
  static inline std::atomic<int> alive{0};
  static inline std::atomic<int> most{0};
};

/// A source of n items.
auto items(int n) {
  return [n, next = 0]() mutable -> std::optional<tracked> {
    if (next == n) return std::nullopt;
    return tracked(next++);
  };
}

}  // namespace

TEST_CASE("pipeline: every item through every stage, in order where asked") {
  on_every_setting([](int) {
    for (const int n : {0, 1, 2, 100}) {
      for (const index_t window : {1, 2, 7, 0}) {
        std::vector<int> seen;
        std::set<std::string> texts;
        const std::vector<int> source = counted(n);
        const loop_result result = parallel_pipeline(
            {.window = window}, source, stage::parallel([](int x) {
              contract::burn(50 * (x % 3));
              return std::to_string(x);
            }),
            stage::serial([&](std::string text) {
              texts.insert(text);
              return std::make_unique<std::string>(std::move(text));  // moved from stage to stage
            }),
            stage::parallel([](std::unique_ptr<std::string> text) { return std::stoi(*text); }),
            stage::in_order([&](int x) { seen.push_back(x); }));
        CHECK(result.finished());
        CHECK(result.iterations == n);
        CHECK(seen == source);
        CHECK(static_cast<int>(texts.size()) == n);
      }
    }
  });
}

TEST_CASE("pipeline: sources are functions, containers, lists and streams") {
  on_every_setting([](int) {
    int total = 0;
    const auto add = stage::in_order([&](int x) { total += x; });
    std::list<int> few{1, 2, 3};
    parallel_pipeline(few, stage::parallel([](int& x) { return x *= 2; }), add);
    CHECK(total == 12);
    CHECK(few == std::list<int>{2, 4, 6});  // elements of a container are worked at in place
    std::istringstream text("10 20 30");
    parallel_pipeline(std::ranges::istream_view<int>(text), add);
    CHECK(total == 72);
    parallel_pipeline([n = 0]() mutable { return n < 5 ? std::optional(n++) : std::nullopt; }, add);
    CHECK(total == 82);
  });
}

TEST_CASE("pipeline: serial stages for one at a time, and no more in flight than the window") {
  on_every_setting([](int) {
    for (const int window : {1, 3, 8}) {
      std::atomic<int> inside{0};
      std::atomic<int> in_flight{0};
      std::atomic<bool> good{true};
      const auto alone = [&](int x) {
        if (++inside != 1) good = false;
        contract::burn(20);
        --inside;
        return x;
      };
      parallel_pipeline(
          {.window = window},
          [&, n = 0]() mutable -> std::optional<int> {
            if (n == 200) return std::nullopt;
            if (++in_flight > window) good = false;
            return n++;
          },
          stage::parallel([](int x) { return x; }), stage::serial(alone), stage::in_order([&](int) { --in_flight; }));
      CHECK(good);
    }
  });
}

TEST_CASE("pipeline: the error of the first item that failed, and no item behind it in order") {
  on_every_setting([](int) {
    for (const int wrong : {0, 1, 17, 99}) {
      std::vector<int> seen;
      const auto run = [&] {
        parallel_pipeline({.window = 6}, items(100), stage::parallel([wrong](tracked one) {
                            if (one.value >= wrong && one.value % 2 == wrong % 2) throw failure{one.value};
                            contract::burn(100 * (one.value % 5));
                            return one;
                          }),
                          stage::in_order([&](const tracked& one) { seen.push_back(one.value); }));
      };
      CHECK(thrown_by(run) == wrong);
      CHECK(seen == counted(wrong));
      CHECK(tracked::alive == 0);
    }
  });
}

TEST_CASE("pipeline: errors of the source and of the last stage") {
  on_every_setting([](int) {
    int seen = 0;
    const auto source_fails = [&] {
      parallel_pipeline(
          [n = 0]() mutable -> std::optional<int> {
            if (n == 30) throw failure{30};
            return n++;
          },
          stage::parallel([](int x) { return x; }), stage::in_order([&](int x) { CHECK(x == seen++); }));
    };
    CHECK(thrown_by(source_fails) == 30);
    CHECK(seen == 30);
    seen = 0;
    const auto end_fails = [&] {
      parallel_pipeline(counted(50), stage::parallel([](int x) { return x; }), stage::in_order([&](int x) {
                          if (x == 20) throw failure{x};
                          ++seen;
                        }));
    };
    CHECK(thrown_by(end_fails) == 20);
    CHECK(seen == 20);
  });
}

TEST_CASE("pipeline: policies") {
  on_every_setting([](int) {
    std::vector<int> seen;
    std::vector<std::atomic<int>> attempts(60);
    const error_policy policy{.collect = true, .retry = {.times = 1}};
    const auto run = [&] {
      parallel_pipeline({.errors = policy}, counted(60), stage::parallel([&](int x) {
                          const int attempt = ++attempts[static_cast<std::size_t>(x)];
                          if (x % 10 == 3 || (x % 10 == 4 && attempt == 1)) throw failure{x};
                          return x;
                        }),
                        stage::in_order([&](int x) { seen.push_back(x); }));
    };
    try {
      run();
      FAIL("nothing was thrown");
    } catch (const loop_errors& all) {
      REQUIRE(all.failures().size() == 6);
      for (std::size_t i = 0; i < 6; ++i) CHECK(all.failures()[i].index == static_cast<index_t>(10 * i + 3));
    }
    CHECK(seen.size() == 54);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
  });
}

TEST_CASE("pipeline: after a stop what is in flight comes to the end") {
  on_every_setting([](int) {
    std::stop_source stop;
    std::vector<int> seen;
    std::atomic<int> begun{0};
    const loop_result result = parallel_pipeline({.window = 4, .stop = stop.get_token()}, items(1000),
                                                 stage::parallel([&](tracked one) {
                                                   ++begun;
                                                   if (one.value == 40) stop.request_stop();
                                                   return one;
                                                 }),
                                                 stage::in_order([&](const tracked& one) { seen.push_back(one.value); }));
    CHECK(!result.finished());
    CHECK(result.iterations == begun);
    CHECK(seen == counted(begun));
    CHECK(begun > 40);
    CHECK(begun <= 45);
    CHECK(tracked::alive == 0);
    const auto past = std::chrono::steady_clock::now();
    CHECK(parallel_pipeline({.deadline = past}, items(10), stage::in_order([](const tracked&) {})).iterations == 0);
  });
}

TEST_CASE("pipeline: nested in loops, and loops in its stages") {
  on_every_setting([](int) {
    std::atomic<int> total{0};
    parallel_for(3, [&](int) {
      parallel_pipeline(counted(10), stage::parallel([&](int x) {
                          parallel_for(10, [&](int) { ++total; }, {.schedule = schedule::dynamic()});
                          return x;
                        }),
                        stage::serial([&](int x) { total += x; }));
    });
    CHECK(total == 3 * (100 + 45));
  });
}

TEST_CASE("pipeline: arguments") {
  const auto nothing = stage::in_order([](int) {});
  CHECK_THROWS_WITH_AS(parallel_pipeline({.window = -1}, counted(1), nothing), "window is -1: expected 0 or more",
                       invalid_argument);
  CHECK_THROWS_WITH_AS(parallel_pipeline({.workers = 0}, counted(1), nothing), "workers is 0: expected at least 1",
                       invalid_argument);
}
