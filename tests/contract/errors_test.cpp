// The error is the serial loop's: the exception of the lowest failing index.
#include <atomic>
#include <new>
#include <numeric>
#include <stdexcept>

#include "kit.hpp"

using namespace polyloop;
using contract::failure;
using contract::on_every_schedule;
using contract::on_every_setting;
using contract::thrown_by;

namespace {

/// The index whose exception a loop over n reports; -1 for none.
template <class Fails>
index_t failing_index(index_t n, const schedule& how, const Fails& fails) {
  const auto body = [&](index_t i) {
    if (fails(i)) throw failure{i};
  };
  return thrown_by([&] { parallel_for(n, body, {.schedule = how}); });
}

void next_loop_works() {
  std::atomic<int> count{0};
  parallel_for(1000, [&](int) { ++count; });
  CHECK(count == 1000);
}

}  // namespace

TEST_CASE("errors: first, middle, last, many, all") {
  on_every_schedule([](const schedule& how) {
    constexpr index_t n = 3001;
    CHECK(failing_index(n, how, [](index_t i) { return i == 0; }) == 0);
    CHECK(failing_index(n, how, [](index_t i) { return i == 1500; }) == 1500);
    CHECK(failing_index(n, how, [](index_t i) { return i == n - 1; }) == n - 1);
    CHECK(failing_index(n, how, [](index_t i) { return i % 97 == 41; }) == 41);
    CHECK(failing_index(n, how, [](index_t) { return true; }) == 0);
    CHECK(failing_index(n, how, [](index_t) { return false; }) == -1);
    next_loop_works();
  });
}

TEST_CASE("errors: always the serial one, 1000 times") {
  on_every_setting([](int) {
    int wrong = 0;
    for (int round = 0; round < 1000; ++round) {
      const index_t lowest = (round * 37) % 500;
      const auto fails = [lowest](index_t i) { return i >= lowest && (i - lowest) % 3 == 0; };
      wrong += failing_index(500, schedule::dynamic(1 + round % 5), fails) != lowest;
    }
    CHECK(wrong == 0);
  });
}

TEST_CASE("errors: iterations below the failing one have all run") {
  on_every_schedule([](const schedule& how) {
    constexpr std::size_t n = 5000;
    constexpr index_t at = 3777;
    std::vector<char> ran(n, 0);
    const auto body = [&](index_t i) {
      if (i == at || i == at + 50) throw failure{i};
      ran[static_cast<std::size_t>(i)] = 1;
    };
    CHECK_THROWS_AS(parallel_for(index_t{n}, body, {.schedule = how}), failure);
    CHECK(std::accumulate(ran.begin(), ran.begin() + at, 0) == at);
  });
}

TEST_CASE("errors: the order of a grid is that of its serial loop") {
  on_every_schedule([](const schedule& how) {
    const auto body = [](index_t r, index_t c) {
      if ((r == 20 && c >= 3) || (r > 20 && c == 0)) throw failure{r * 100 + c};
    };
    CHECK(thrown_by([&] { parallel_for(grid2{40, 50}, body, {.schedule = how}); }) == 2003);
  });
}

TEST_CASE("errors: bad_alloc, standard exceptions, other types") {
  on_every_setting([](int) {
    CHECK_THROWS_AS(parallel_for(100,
                                 [](int i) {
                                   if (i == 50) throw std::bad_alloc();
                                 }),
                    std::bad_alloc);
    CHECK_THROWS_WITH(parallel_for(100, [](int i) { throw std::runtime_error(std::to_string(i)); }), "0");
    CHECK_THROWS_AS(parallel_for(100, [](int i) { throw i; }), int);
    next_loop_works();
  });
}

TEST_CASE("errors: from a nested loop, and from a reduction") {
  on_every_setting([](int) {
    const auto inner = [](index_t outer) {
      parallel_for(300,
                   [outer](index_t i) {
                     if (outer >= 2 && i >= 30) throw failure{outer * 1000 + i};
                   },
                   {.schedule = schedule::dynamic(3)});
    };
    CHECK(thrown_by([&] { parallel_for(8, inner, {.schedule = schedule::dynamic()}); }) == 2030);
    const auto value = [](index_t i) -> double { return i >= 70000 ? throw failure{i} : 1.0; };
    CHECK(thrown_by([&] { parallel_reduce(100000, sum<double>{}, value); }) == 70000);
    next_loop_works();
  });
}

TEST_CASE("errors: a caught exception inside a body stays there") {
  on_every_setting([](int) {
    std::atomic<int> caught{0};
    const auto body = [&](int i) {
      try {
        if (i % 2 == 0) throw failure{i};
      } catch (const failure&) {
        ++caught;
      }
    };
    parallel_for(1000, body, {.schedule = schedule::dynamic(10)});
    CHECK(caught == 500);
  });
}

TEST_CASE("errors: bad arguments name the argument and its value") {
  const auto nothing = [](index_t) {};
  CHECK_THROWS_WITH_AS(parallel_for(-3, nothing), "n is -3: expected a number that is not negative",
                       invalid_argument);
  CHECK_THROWS_WITH_AS(schedule::dynamic(-4), "grain is -4: expected a positive number of iterations",
                       invalid_argument);
  CHECK_THROWS_WITH_AS(schedule::static_(0), "grain is 0: expected a positive number of iterations",
                       invalid_argument);
  CHECK_THROWS_WITH_AS(parallel_for(5, nothing, {.workers = 0}), "workers is 0: expected at least 1",
                       invalid_argument);
  CHECK_THROWS_AS(static_cast<void>(scoped_context{.workers = 0}), invalid_argument);
  CHECK_THROWS_AS(static_cast<void>(scoped_context{.workers = -1}), invalid_argument);
  CHECK_THROWS_AS(static_cast<void>(scoped_context{.backend = "cuda"}), unknown_backend);
  CHECK_THROWS_WITH_AS(parallel_for(range<int>{5, 3}, nothing),
                       "end is 3: expected an end that is not below begin", invalid_argument);
  CHECK_THROWS_WITH_AS(parallel_for(range<int>{0, 3, 0}, nothing), "step is 0: expected a positive number",
                       invalid_argument);
  const auto cell = [](index_t, index_t) {};
  CHECK_THROWS_AS(parallel_for(grid2{-1, 3}, cell), invalid_argument);
  CHECK_THROWS_AS(parallel_for(grid2{index_t{1} << 40, index_t{1} << 40}, cell), invalid_argument);
  CHECK_THROWS_AS(parallel_for_tiles(grid2{3, 3}, {.rows = 0, .columns = 1}, [](const tile2&) {}),
                  invalid_argument);
  CHECK_THROWS_AS(parallel_for(~std::uint64_t{0}, [](std::uint64_t) {}), invalid_argument);
  try {
    const scoped_context scope{.backend = "cuda"};
  } catch (const unknown_backend& caught) {
    CHECK(caught.argument() == "backend");
    CHECK(caught.value() == "\"cuda\"");
    for (const backend* each : compiled_backends())
      CHECK(std::string(caught.what()).find(each->name()) != std::string::npos);
  }
}
