// Scans: the plain form's values, one result everywhere, its errors, stop.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>

#include "kit.hpp"

using namespace polyloop;
using contract::failure;
using contract::on_every_schedule;
using contract::on_every_setting;
using contract::thrown_by;

namespace {

std::vector<std::int64_t> numbers(std::size_t n) {
  std::vector<std::int64_t> made(n);
  for (std::size_t i = 0; i < n; ++i) made[i] = static_cast<std::int64_t>(i * 2654435761u % 1009) - 500;
  return made;
}

template <class T, class M>
std::vector<T> plain_inclusive(const std::vector<T>& in, const M& combine) {
  std::vector<T> out = in;
  for (std::size_t i = 1; i < in.size(); ++i) out[i] = combine(out[i - 1], in[i]);
  return out;
}

template <class T, class M>
std::vector<T> plain_exclusive(const std::vector<T>& in, T init, const M& combine) {
  std::vector<T> out = in;
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] = init;
    init = combine(init, in[i]);
  }
  return out;
}

const std::size_t sizes[] = {0, 1, 2, 3, 63, 64, 65, 66, 2047, 2048, 2049, 2050, 4097, 50'001, 131'072, 400'003};

}  // namespace

TEST_CASE("scan: integers as by the plain form, at all sizes") {
  on_every_setting([](int) {
    for (const std::size_t n : sizes) {
      INFO("n ", n);
      const std::vector<std::int64_t> in = numbers(n);
      const auto inclusive = plain_inclusive(in, sum<std::int64_t>{});
      const auto exclusive = plain_exclusive(in, std::int64_t{7}, sum<std::int64_t>{});
      const std::int64_t total = n == 0 ? 0 : inclusive.back();
      std::vector<std::int64_t> out(n);
      CHECK(parallel_inclusive_scan(in, out, sum<std::int64_t>{}) == total);
      CHECK((out == inclusive));
      CHECK(parallel_exclusive_scan(in, out, 7, sum<std::int64_t>{}) == total + 7);
      CHECK((out == exclusive));
      out = in;
      CHECK(parallel_inclusive_scan(out, out, sum<std::int64_t>{}) == total);
      CHECK((out == inclusive));
      out = in;
      CHECK(parallel_exclusive_scan(out, out, 7, sum<std::int64_t>{}) == total + 7);
      CHECK((out == exclusive));
    }
  });
}

TEST_CASE("scan: every schedule, by index, of a narrower type") {
  on_every_schedule([](const schedule& how) {
    constexpr int n = 30'011;
    std::vector<int> out(n);
    const auto at = [&out](int i) -> int& { return out[static_cast<std::size_t>(i)]; };
    const index_t total = parallel_inclusive_scan(
        n, sum<index_t>{}, [](int i) { return i % 5; }, [&](int i, index_t v) { at(i) = static_cast<int>(v); },
        {.schedule = how});
    index_t running = 0;
    bool right = true;
    for (int i = 0; i < n; ++i) right = right && at(i) == (running += i % 5);
    CHECK(right);
    CHECK(total == running);
    const std::vector<std::uint8_t> kept(out.size(), 1);
    CHECK(parallel_exclusive_scan(kept, out, 0, sum<index_t>{}, {.schedule = how}) == n);
    CHECK(at(0) == 0);
    CHECK(at(n - 1) == n - 1);
  });
}

TEST_CASE("scan: larger than the cache, also where no cache line begins") {
  constexpr std::size_t n = 6'000'011;
  const std::vector<std::int64_t> in = numbers(n);
  const auto expected = plain_inclusive(in, sum<std::int64_t>{});
  for (backend* each : contract::backends_under_test()) {
    const scoped_context scope{.backend = *each, .workers = 3, .oversubscribe = true};
    for (std::size_t skip = 0; skip < 3; ++skip) {
      std::vector<std::int64_t> out(n + skip, -1);
      parallel_inclusive_scan(in, std::span(out).subspan(skip), sum<std::int64_t>{});
      CHECK(std::equal(expected.begin(), expected.end(), out.begin() + static_cast<std::ptrdiff_t>(skip)));
      CHECK(std::count(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(skip), -1) ==
            static_cast<std::ptrdiff_t>(skip));
    }
  }
}

TEST_CASE("scan: same bits of floating point, and near the exact ones") {
  std::vector<double> in(100'003);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = std::sin(static_cast<double>(i)) * std::exp2(i % 40) / 1e6;
  std::set<std::uint64_t> inclusive_hashes;
  std::set<std::uint64_t> exclusive_hashes;
  std::vector<double> out(in.size());
  on_every_schedule([&](const schedule& how) {
    const double total = parallel_inclusive_scan(in, out, sum<double>{}, {.schedule = how});
    CHECK(total == out.back());
    inclusive_hashes.insert(contract::hash_of(out));
    CHECK(parallel_exclusive_scan(in, out, 0, sum<double>{}, {.schedule = how}) ==
          doctest::Approx(total).epsilon(1e-9));
    exclusive_hashes.insert(contract::hash_of(out));
  });
  CHECK(inclusive_hashes.size() == 1);
  CHECK(exclusive_hashes.size() == 1);
  long double exact = 0;
  double worst = 0;
  parallel_inclusive_scan(in, out, sum<double>{});
  for (std::size_t i = 0; i < in.size(); ++i) {
    exact += in[i];
    worst = std::max(worst, static_cast<double>(std::abs(out[i] - exact)));
  }
  CHECK(worst < 1e-3);
}

namespace {

/// A number of either sign; unsigned ones wrap.
template <class T>
T number(std::size_t i) {
  const double value = std::sin(static_cast<double>(i)) * 1e9;
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<std::int64_t>(value));
  else
    return static_cast<T>(value);
}

/// Arrays of numbers are scanned in SIMD where the machine has it, functions of an index never: the bits are the same.
template <class T>
void check_arrays_and_indices(std::size_t n, std::size_t skip) {
  std::vector<T> in(n + skip);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = number<T>(i);
  if (skip < in.size()) in[skip] = static_cast<T>(-0.0);
  const std::span<const T> from = std::span<const T>(in).subspan(skip);
  std::vector<T> by_array(n);
  std::vector<T> by_index(n);
  const auto value = [&](std::size_t i) { return from[i]; };
  const auto put = [&](std::size_t i, const T& v) { by_index[i] = v; };
  const T inclusive = parallel_inclusive_scan(from, by_array, sum<T>{});
  CHECK(parallel_inclusive_scan(n, sum<T>{}, value, put) == inclusive);
  CHECK(contract::hash_of(by_array) == contract::hash_of(by_index));
  const T exclusive = parallel_exclusive_scan(from, by_array, T(3), sum<T>{});
  CHECK(parallel_exclusive_scan(n, T(3), sum<T>{}, value, put) == exclusive);
  CHECK(contract::hash_of(by_array) == contract::hash_of(by_index));
  std::vector<T> in_place(from.begin(), from.end());
  parallel_exclusive_scan(in_place, in_place, T(3), sum<T>{});
  CHECK(contract::hash_of(in_place) == contract::hash_of(by_array));
}

}  // namespace

TEST_CASE("scan: same bits for an array as by index") {
  on_every_setting([](int) {
    for (const std::size_t n : {0UL, 1UL, 67UL, 259UL, 8192UL, 8193UL, 50'001UL})
      for (const std::size_t skip : {0UL, 3UL}) {
        INFO("n ", n, ", begins ", skip, " elements into an array");
        check_arrays_and_indices<double>(n, skip);
        check_arrays_and_indices<std::int64_t>(n, skip);
      }
    check_arrays_and_indices<long long>(20'000, 1);
    check_arrays_and_indices<std::uint64_t>(20'000, 1);
    check_arrays_and_indices<float>(20'000, 1);
  });
}

TEST_CASE("scan: same bits for a large array as by index, written around the cache") {
  for (backend* each : contract::backends_under_test()) {
    const scoped_context scope{.backend = *each, .workers = 3, .oversubscribe = true};
    check_arrays_and_indices<double>(3'000'011, 1);
    check_arrays_and_indices<std::int64_t>(3'000'011, 0);
  }
}

TEST_CASE("scan: an inclusive one begins with its first element") {
  on_every_setting([](int) {
    std::vector<double> out(1);
    parallel_inclusive_scan(std::vector<double>{-0.0}, out, sum<double>{});
    CHECK(std::signbit(out[0]));
  });
}

TEST_CASE("scan: an operation that does not commute keeps its order") {
  std::vector<std::string> in(5'000);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = std::string(1, static_cast<char>('a' + i % 26));
  // The first three and the last three letters of a text: associative, and small.
  const auto join = [](const std::string& a, const std::string& b) {
    const std::string all = a + b;
    return all.size() <= 6 ? all : all.substr(0, 3) + all.substr(all.size() - 3);
  };
  const monoid_of ends(std::string(), join);
  const auto inclusive = plain_inclusive(in, ends);
  const auto exclusive = plain_exclusive(in, std::string("#"), ends);
  on_every_setting([&](int) {
    std::vector<std::string> out(in.size());
    CHECK(parallel_inclusive_scan(in, out, ends) == inclusive.back());
    CHECK((out == inclusive));
    CHECK(parallel_exclusive_scan(in, out, "#", ends) == ends(exclusive.back(), in.back()));
    CHECK((out == exclusive));
  });
  struct line {
    std::uint32_t factor;
    std::uint32_t summand;
    bool operator==(const line&) const = default;
  };
  const monoid_of after(line{1, 0}, [](line a, line b) {
    return line{a.factor * b.factor, a.summand * b.factor + b.summand};
  });
  std::vector<line> lines(70'001);
  for (std::uint32_t i = 0; i < lines.size(); ++i) lines[i] = {2 * i + 1, i};
  const auto composed = plain_inclusive(lines, after);
  on_every_setting([&](int) {
    std::vector<line> out(lines.size());
    parallel_inclusive_scan(lines, out, after);
    CHECK((out == composed));
  });
}

TEST_CASE("scan: the exception is the plain form's") {
  on_every_schedule([](const schedule& how) {
    constexpr index_t n = 40'000;
    for (const index_t at : {index_t{0}, index_t{1}, index_t{2047}, index_t{2048}, index_t{20'011}, n - 1}) {
      INFO("at ", at);
      std::vector<char> stored(static_cast<std::size_t>(n), 0);
      const auto value = [at](index_t i) { return i >= at && (i - at) % 3 == 0 ? throw failure{i} : i; };
      const auto store = [&stored](index_t i, index_t) { stored[static_cast<std::size_t>(i)] = 1; };
      CHECK(thrown_by([&] { parallel_inclusive_scan(n, sum<index_t>{}, value, store, {.schedule = how}); }) == at);
      CHECK(std::count(stored.begin(), stored.begin() + at, 1) == at);
    }
  });
}

TEST_CASE("scan: an operation or a store that throws") {
  on_every_setting([](int) {
    constexpr index_t n = 100'000;
    // Only the sum of all before it makes an element fail.
    const monoid_of bounded(index_t{0}, [](index_t a, index_t b) {
      if (a + b > 70'000) throw std::overflow_error(std::to_string(a + b));
      return a + b;
    });
    const auto ignore = [](index_t, index_t) {};
    CHECK_THROWS_WITH_AS(parallel_exclusive_scan(n, 0, bounded, [](index_t) { return 1; }, ignore), "70001",
                         std::overflow_error);
    const auto store = [](index_t i, index_t) {
      if (i >= 50'000) throw failure{i};
    };
    CHECK_THROWS_AS(parallel_inclusive_scan(n, sum<index_t>{}, [](index_t) { return 1; }, store), failure);
    std::vector<index_t> out(1000);
    CHECK(parallel_inclusive_scan(std::vector<index_t>(1000, 1), out, sum<index_t>{}) == 1000);
  });
}

TEST_CASE("scan: stopped, or too late, it has no result") {
  on_every_schedule([](const schedule& how) {
    std::vector<int> data(300'000, 1);
    std::stop_source source;
    const auto value = [&](int i) {
      if (i == 40'000) source.request_stop();
      return 1;
    };
    const auto store = [](int, int) {};
    try {
      const int total =
          parallel_inclusive_scan(300'000, sum<int>{}, value, store, {.schedule = how, .stop = source.get_token()});
      CHECK(total == 300'000);  // the request came when every worker had its last blocks
    } catch (const stopped& early) {
      CHECK(early.iterations() < 300'000);
    }
    CHECK_THROWS_AS(
        parallel_inclusive_scan(data, data, sum<int>{}, {.schedule = how, .stop = source.get_token()}), stopped);
    CHECK(data[299'999] == 1);
    const auto past = std::chrono::steady_clock::now() - std::chrono::seconds(1);
    CHECK_THROWS_AS(parallel_exclusive_scan(data, data, 0, sum<int>{}, {.schedule = how, .deadline = past}),
                    stopped);
    const std::stop_source unused;
    CHECK(parallel_inclusive_scan(data, data, sum<int>{}, {.schedule = how, .stop = unused.get_token()}) == 300'000);
  });
}

TEST_CASE("scan: within loops, of loops, and from many threads") {
  on_every_setting([](int) {
    std::atomic<int> right{0};
    parallel_for(12,
                 [&](int) {
                   std::vector<index_t> out(20'000, 1);
                   right += parallel_inclusive_scan(out, out, sum<index_t>{}) == 20'000 && out[9'999] == 10'000;
                 },
                 {.schedule = schedule::dynamic()});
    CHECK(right == 12);
    const auto inner = [](index_t i) {
      return i % 1000 == 0 ? parallel_reduce(2000, sum<index_t>{}, [](int) { return 1; }) : 0;
    };
    CHECK(parallel_inclusive_scan(index_t{20'000}, sum<index_t>{}, inner, [](index_t, index_t) {},
                                  {.schedule = schedule::dynamic()}) == 40'000);
    std::atomic<int> callers_right{0};
    std::vector<std::jthread> callers;
    for (int t = 0; t < 4; ++t)
      callers.emplace_back([&] {
        for (int round = 0; round < 10; ++round) {
          std::vector<index_t> out(30'000, 1);
          callers_right += parallel_inclusive_scan(out, out, sum<index_t>{}) == 30'000 && out[777] == 778;
        }
      });
    callers.clear();
    CHECK(callers_right == 40);
  });
}

TEST_CASE("scan: bad arguments") {
  std::vector<int> data(100, 1);
  std::vector<int> other(99);
  const std::span all(data);
  CHECK_THROWS_WITH_AS(parallel_inclusive_scan(data, other, sum<int>{}),
                       "size of to is 99: expected 100, the size of from", invalid_argument);
  CHECK_THROWS_AS(parallel_inclusive_scan(all.first(50), all.subspan(10, 50), sum<int>{}), invalid_argument);
  CHECK_THROWS_AS(parallel_exclusive_scan(all.subspan(10, 50), all.first(50), 0, sum<int>{}), invalid_argument);
  CHECK_THROWS_AS(parallel_exclusive_scan(data, data, 0, sum<int>{}, {.workers = 0}), invalid_argument);
  CHECK_THROWS_WITH_AS(
      parallel_inclusive_scan(-1, sum<int>{}, [](int) { return 1; }, [](int, int) {}),
      "n is -1: expected a number that is not negative", invalid_argument);
  CHECK(std::count(data.begin(), data.end(), 1) == 100);
  parallel_inclusive_scan(all.first(50), all.subspan(50), sum<int>{});
  CHECK(data[99] == 50);
}
