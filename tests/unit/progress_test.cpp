#include <doctest/doctest.h>

#include <polyloop/error.hpp>
#include <polyloop/progress.hpp>
#include <thread>
#include <vector>

using namespace polyloop;
using namespace std::chrono_literals;

TEST_CASE("progress: reports are rare, the last one comes in any case") {
  std::vector<progress_report> reports;
  const auto keep = [&](const progress_report& now) { reports.push_back(now); };
  progress_counter counter(100'000, keep, 1h);
  for (int i = 0; i < 100'000; ++i) counter.add(1);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].finished);
  CHECK(reports[0].done == 100'000);
  CHECK(reports[0].total == 100'000);
  CHECK(reports[0].remaining == 0ns);
  counter.add(5);
  counter.finish();
  CHECK(reports.size() == 1);
}

TEST_CASE("progress: of work whose size is not known") {
  std::vector<progress_report> reports;
  progress_counter counter(0, [&](const progress_report& now) { reports.push_back(now); }, 0ns);
  counter.add(3);
  counter.add(4);
  REQUIRE(reports.size() == 2);
  CHECK(reports[1].done == 7);
  CHECK(reports[1].total == 0);
  CHECK_FALSE(reports[1].remaining);
  CHECK_FALSE(reports[1].finished);
  counter.finish();
  counter.finish();
  REQUIRE(reports.size() == 3);
  CHECK(reports[2].finished);
  CHECK(reports[2].total == 7);
}

TEST_CASE("progress: what is left is told from what was") {
  std::vector<progress_report> reports;
  progress_counter counter(4, [&](const progress_report& now) { reports.push_back(now); }, 0ns);
  std::this_thread::sleep_for(1ms);
  counter.add(1);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].elapsed >= 1ms);
  REQUIRE(reports[0].remaining);
  CHECK(*reports[0].remaining > 2 * reports[0].elapsed);
  CHECK(*reports[0].remaining < 4 * reports[0].elapsed);
}

TEST_CASE("progress: threads add, one report at a time, one end") {
  int inside = 0;
  int ends = 0;
  index_t last = 0;
  bool good = true;
  const auto look = [&](const progress_report& now) {
    good = good && ++inside == 1 && now.done >= last;
    last = now.done;
    ends += now.finished;
    --inside;
  };
  progress_counter counter(40'000, look, 0ns);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 5000; ++i) counter.add(2);
      });
  }
  CHECK(good);
  CHECK(ends == 1);
  CHECK(counter.done() == 40'000);
  progress_counter silent(10);
  silent.add(10);
  CHECK(silent.done() == 10);
}

TEST_CASE("progress: arguments") {
  CHECK_THROWS_WITH_AS(progress_counter(-1), "total is -1: expected 0 or more", invalid_argument);
  CHECK_THROWS_AS(progress_counter(1, {}, -1ns), invalid_argument);
}
