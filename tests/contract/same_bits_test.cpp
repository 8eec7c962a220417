// The result depends on the input only: one hash over backends, workers, schedules, repeats.
#include <cmath>
#include <set>
#include <string>

#include "kit.hpp"

using namespace polyloop;

namespace {

std::vector<double> awkward_values(std::size_t n) {
  std::vector<double> values(n);
  std::uint64_t state = 42;
  for (double& each : values) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    each = (static_cast<double>(state >> 11) * 0x1p-53 - 0.5) *
           std::pow(10.0, static_cast<double>(state % 20) - 10);
  }
  return values;
}

}  // namespace

TEST_CASE("same bits: reductions and loops of floating point") {
  const std::vector<double> x = awkward_values(100003);
  const auto n = static_cast<index_t>(x.size());
  std::set<std::uint64_t> hashes;
  for (backend* each : contract::backends_under_test()) {
    for (int workers = 1; workers <= 8; ++workers) {
      const scoped_context scope{.backend = *each, .workers = workers, .oversubscribe = true};
      for (const schedule& how : contract::all_schedules()) {
        for (int repeat = 0; repeat < (how == schedule::automatic ? 20 : 2); ++repeat) {
          std::vector<double> out(x.size() + 2);
          parallel_for(n,
                       [&](index_t i) {
                         const auto k = static_cast<std::size_t>(i);
                         out[k] = x[k] * 1.1 + std::sqrt(std::abs(x[k])) - 0.3;
                       },
                       {.schedule = how});
          const auto at = [&](index_t i) { return x[static_cast<std::size_t>(i)]; };
          out[x.size()] = parallel_reduce(n, sum<double>{}, at, {.schedule = how});
          out[x.size() + 1] = parallel_reduce(
              n - 1, product<double>{}, [&](index_t i) { return 1 + at(i) * 1e-12; }, {.schedule = how});
          hashes.insert(contract::hash_of(out));
        }
      }
    }
  }
  CHECK(hashes.size() == 1);
}

TEST_CASE("same bits: whatever a tuning says") {
  const std::vector<double> x = awkward_values(20011);
  const auto at = [&](index_t i) { return x[static_cast<std::size_t>(i)]; };
  std::set<double> sums;
  contract::on_every_schedule([&](const schedule& how) {
    tuning loops;
    loops.set("sum", {.workers = how.grain() % 2 == 0 ? 2 : 3, .schedule = how});
    const scoped_context scope{.tuning = &loops};
    sums.insert(parallel_reduce(static_cast<index_t>(x.size()), sum<double>{}, at, {.label = "sum"}));
  });
  CHECK(sums.size() == 1);
}

TEST_CASE("same bits: an operation that does not commute keeps its order") {
  std::string expected;
  for (int i = 0; i < 3000; ++i) expected += static_cast<char>('a' + i % 26);
  const monoid_of join(std::string(), std::plus<>{});
  contract::on_every_schedule([&](const schedule& how) {
    const std::string word = parallel_reduce(
        3000, join, [](int i) { return std::string(1, static_cast<char>('a' + i % 26)); }, {.schedule = how});
    CHECK(word == expected);
  });
}

TEST_CASE("same bits: several values at once") {
  contract::on_every_setting([](int) {
    const auto [total, least, most, factor] = parallel_reduce(
        5000, combined(sum<index_t>{}, minimum<int>{}, maximum<double>{}, product<int>{}), [](int i) {
          return std::tuple<index_t, int, double, int>(i, (i * 7919) % 5000, i * 0.5, i == 77 ? -1 : 1);
        });
    CHECK(total == 12497500);
    CHECK(least == 0);
    CHECK(most == 2499.5);
    CHECK(factor == -1);
  });
}

TEST_CASE("same bits: sizes around the blocks; nothing to reduce gives the identity") {
  contract::on_every_setting([](int) {
    for (const index_t n : {0, 1, 2, 511, 512, 513, 1023, 1024, 1025, 16384, 100000})
      CHECK(parallel_reduce(n, sum<index_t>{}, [](index_t i) { return i; }) == n * (n - 1) / 2);
    CHECK(parallel_reduce(0, minimum<double>{}, [](int) { return 0.0; }) ==
          std::numeric_limits<double>::infinity());
    CHECK(parallel_reduce(1000, monoid_of(false, std::logical_or<>{}), [](int i) { return i == 999; }));
  });
}
