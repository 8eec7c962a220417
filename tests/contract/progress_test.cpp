// Progress: what loops and streams tell a counter, on every backend.
#include <algorithm>
#include <list>
#include <mutex>
#include <ranges>

#include "kit.hpp"

using namespace polyloop;
using namespace std::chrono_literals;
using contract::on_every_schedule;
using contract::on_every_setting;

namespace {

/// Keeps the reports of some work, and looks at them.
class watched {
 public:
  explicit watched(index_t total)
      : counter(total, [this](const progress_report& now) { reports.push_back(now); }, 0ns) {}

  void check_whole() const {
    check_rising();
    REQUIRE(!reports.empty());
    CHECK(reports.back().finished);
    CHECK(reports.back().done == counter.total());
    CHECK(std::ranges::count_if(reports, &progress_report::finished) == 1);
  }
  void check_rising() const {
    CHECK(std::ranges::is_sorted(reports, {}, &progress_report::done));
    CHECK(std::ranges::is_sorted(reports, {}, &progress_report::elapsed));
  }

  std::vector<progress_report> reports;  // one at a time, so no lock
  progress_counter counter;
};

}  // namespace

TEST_CASE("progress: loops tell of all their iterations, and of the end once") {
  on_every_schedule([](const schedule& how) {
    for (const int n : {1, 100, 20'000}) {
      watched rows(n);
      parallel_for(n, [](int) {}, {.schedule = how, .progress = &rows.counter});
      rows.check_whole();
      CHECK(rows.counter.done() == n);
    }
  });
}

TEST_CASE("progress: grids, reductions, lists, pipelines, ordered_map") {
  on_every_setting([](int) {
    watched all(50 * 20 + 5000 + 300 + 40 + 30);
    parallel_for(grid2{50, 20}, [](index_t, index_t) {}, {.progress = &all.counter});
    parallel_reduce(5000, sum<int>{}, [](int i) { return i; }, {.progress = &all.counter});
    std::list<int> numbers(300);
    parallel_for_each(numbers, [](int& each) { each = 1; }, {.progress = &all.counter});
    parallel_pipeline({.progress = &all.counter}, std::views::iota(0, 40), stage::parallel([](int x) { return x; }),
                      stage::serial([](int) {}));
    CHECK(std::ranges::none_of(all.reports, &progress_report::finished));
    for ([[maybe_unused]] const int each :
         ordered_map(std::views::iota(0, 30), [](int x) { return x; }, {.progress = &all.counter})) {
    }
    all.check_whole();
  });
}

TEST_CASE("progress: no end is told of what was stopped or has thrown") {
  on_every_setting([](int) {
    watched rows(1000);
    std::stop_source stop;
    parallel_for(1000, [&](int i) { if (i == 10) stop.request_stop(); },
                 {.schedule = schedule::dynamic(1), .stop = stop.get_token(), .progress = &rows.counter});
    rows.check_rising();
    CHECK(std::ranges::none_of(rows.reports, &progress_report::finished));
    watched others(1000);
    CHECK_THROWS_AS(parallel_for(1000, [](int i) { if (i == 500) throw contract::failure{i}; }, {.progress = &others.counter}),
                    contract::failure);
    CHECK(std::ranges::none_of(others.reports, &progress_report::finished));
  });
}

TEST_CASE("progress: what show throws ends the loop") {
  on_every_setting([](int) {
    progress_counter counter(100, [](const progress_report&) { throw contract::failure{7}; }, 0ns);
    CHECK(contract::thrown_by([&] { parallel_for(100, [](int) {}, {.progress = &counter}); }) == 7);
    progress_counter other(100, [](const progress_report&) { throw contract::failure{7}; }, 0ns);
    CHECK(contract::thrown_by([&] {
            parallel_pipeline({.progress = &other}, std::views::iota(0, 100), stage::serial([](int) {}));
          }) == 7);
  });
}
