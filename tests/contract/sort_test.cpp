#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>

#include "kit.hpp"
#include "polyloop/detail/thread_sanitizer.hpp"

using namespace polyloop;

namespace {

// Under ThreadSanitizer, which takes ten times as long, what several blocks need and no more.
#ifdef POLYLOOP_TSAN
const std::vector<std::size_t> lengths{0, 1, 2, 3, 24, 25, 1000, 8193, 65'537};
#else
const std::vector<std::size_t> lengths{0, 1, 2, 3, 24, 25, 1000, 8193, 65'537, 300'001};
#endif

struct record {
  std::int64_t key;
  std::uint64_t place;
  bool operator==(const record&) const = default;
};
bool by_key(const record& a, const record& b) {
  return a.key < b.key;
}

enum class shape { random, sorted, reversed, few, equal, skewed };
constexpr shape shapes[] = {shape::random, shape::sorted, shape::reversed,
                            shape::few,    shape::equal,  shape::skewed};

template <class T>
std::vector<T> numbers(std::size_t n, shape kind) {
  std::mt19937_64 draw(n + 7);
  std::vector<T> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t x = draw();
    if (kind == shape::random) values[i] = static_cast<T>(static_cast<std::int64_t>(x));
    if (kind == shape::sorted) values[i] = static_cast<T>(i);
    if (kind == shape::reversed) values[i] = static_cast<T>(n - i);
    if (kind == shape::few) values[i] = static_cast<T>(x % 7 * 1000);
    if (kind == shape::equal) values[i] = static_cast<T>(5);
    if (kind == shape::skewed) values[i] = static_cast<T>(x >> (x % 61));
  }
  return values;
}

std::vector<record> records(std::size_t n, shape kind) {
  const auto keys = numbers<std::int64_t>(n, kind);
  std::vector<record> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = {keys[i], i};
  return all;
}

template <class T>
void check_numbers(std::size_t n, shape kind) {
  const std::vector<T> given = numbers<T>(n, kind);
  std::vector<T> up = given, down = given, expected = given;
  parallel_sort(up);
  parallel_sort(down, std::greater<T>{});
  std::sort(expected.begin(), expected.end());
  CHECK(up == expected);
  std::reverse(expected.begin(), expected.end());
  CHECK(down == expected);
}

}  // namespace

TEST_CASE_TEMPLATE("sort: numbers of every kind", T, std::uint8_t, std::int16_t, std::uint32_t, std::int64_t,
                   std::uint64_t, float, double) {
  contract::on_every_setting([](int workers) {
    if (workers == 4) return;
    for (const std::size_t n : lengths)
      for (const shape kind : shapes) check_numbers<T>(n, kind);
  });
}

TEST_CASE("sort: by a comparator, by a projection and by key, all stable") {
  contract::on_every_setting([](int) {
    for (const std::size_t n : lengths) {
      for (const shape kind : shapes) {
        const std::vector<record> given = records(n, kind);
        std::vector<record> expected = given, compared = given, projected = given;
        std::stable_sort(expected.begin(), expected.end(), by_key);
        parallel_stable_sort(compared, by_key);
        CHECK(compared == expected);
        parallel_sort_by(projected, [](const record& r) { return r.key; });
        CHECK(projected == expected);

        std::vector<std::int64_t> keys = numbers<std::int64_t>(n, kind);
        std::vector<std::uint64_t> places(n);
        for (std::size_t i = 0; i < n; ++i) places[i] = i;
        parallel_sort_by_key(keys, places);
        CHECK(std::ranges::equal(keys, expected, {}, {}, &record::key));
        CHECK(std::ranges::equal(places, expected, {}, {}, &record::place));
      }
    }
  });
}

TEST_CASE("sort: zeros of both signs are equal, NaNs come last") {
  contract::on_every_setting([](int) {
    const double nan = std::numeric_limits<double>::quiet_NaN(),
                 inf = std::numeric_limits<double>::infinity();
    const std::vector<double> keys{nan, 0.0, -0.0, inf, -1, -nan, -0.0, -inf};
    for (const bool descending : {false, true}) {
      std::vector<double> sorted = keys;
      std::vector<int> places{0, 1, 2, 3, 4, 5, 6, 7};
      if (descending)
        parallel_sort_by_key(sorted, places, std::greater<>{});
      else
        parallel_sort_by_key(sorted, places);
      CHECK(places == (descending ? std::vector<int>{3, 1, 2, 6, 4, 7, 0, 5}
                                  : std::vector<int>{7, 4, 1, 2, 6, 3, 0, 5}));
      CHECK(std::isnan(sorted[6]));
    }
  });
}

TEST_CASE("sort: elements that can only be moved") {
  contract::on_every_setting([](int) {
    const auto keys = numbers<int>(100'001, shape::skewed);
    std::vector<std::unique_ptr<int>> owned;
    for (const int key : keys) owned.push_back(std::make_unique<int>(key));
    parallel_sort(owned, [](const auto& a, const auto& b) { return *a < *b; });
    CHECK(std::ranges::is_sorted(owned, {}, [](const auto& p) { return *p; }));
    auto again = keys;
    parallel_sort_by_key(again, owned, std::greater<>{});
    CHECK(std::ranges::is_sorted(again, std::greater<>{}));
  });
}

TEST_CASE("sort: a comparator that throws leaves the elements as they were") {
  contract::on_every_setting([](int) {
    for (const int calls : {0, 10, 1000, 500'000}) {
      const std::vector<record> given = records(200'001, shape::random);
      std::vector<record> sorted = given;
      std::atomic<int> left = calls;
      const auto fails = [&](const record& a, const record& b) {
        if (left.fetch_sub(1, std::memory_order_relaxed) <= 0) throw std::runtime_error("no order");
        return by_key(a, b);
      };
      CHECK_THROWS_WITH_AS(parallel_sort(sorted, fails), "no order", std::runtime_error);
      CHECK(sorted == given);
    }
  });
}

TEST_CASE("sort: a comparator that is no ordering loses no element") {
  contract::on_every_setting([](int) {
    std::vector<double> values = numbers<double>(200'001, shape::random);
    for (std::size_t i = 0; i < values.size(); i += 3) values[i] = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> expected = values;
    try {
      parallel_sort(values, [](double a, double b) { return a < b; });
    } catch (const invalid_argument& noticed) {
      CHECK(noticed.argument() == "less");
    }
    parallel_sort(values);
    parallel_sort(expected);
    CHECK(std::equal(values.begin(), values.end(), expected.begin(),
                     [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }));
  });
}

TEST_CASE("sort: stopped, it says so and every element is still there") {
  contract::on_every_setting([](int) {
    std::stop_source source;
    const std::vector<record> given = records(300'001, shape::random);
    std::vector<record> expected = given, sorted = given;
    parallel_sort_by(expected, [](const record& r) { return r.place; });
    std::atomic<int> left = 500'000;
    const auto key = [&](const record& r) {
      if (left.fetch_sub(1, std::memory_order_relaxed) == 0) source.request_stop();
      return r.key;
    };
    CHECK_THROWS_AS(parallel_sort_by(sorted, key, std::less<>{}, {.stop = source.get_token()}), stopped);
    parallel_sort_by(sorted, [](const record& r) { return r.place; });
    CHECK(sorted == expected);
    sorted = given;
    CHECK_THROWS_AS(parallel_sort(sorted, by_key, {.deadline = std::chrono::steady_clock::now()}), stopped);
    CHECK(sorted == given);
  });
}

TEST_CASE("sort: inside a loop, and from several threads") {
  contract::on_every_setting([](int) {
    std::vector<std::vector<std::uint64_t>> parts(6, numbers<std::uint64_t>(70'001, shape::random));
    parallel_for(parts.size(), [&](std::size_t i) { parallel_sort(parts[i]); },
                 {.schedule = schedule::dynamic(1)});
    for (const auto& part : parts) CHECK(std::ranges::is_sorted(part));
    std::vector<std::vector<std::uint64_t>> mine(3, numbers<std::uint64_t>(70'001, shape::skewed));
    {
      std::vector<std::jthread> callers;
      for (auto& each : mine)
        callers.emplace_back(
            [&each] { parallel_sort(each, [](std::uint64_t a, std::uint64_t b) { return a < b; }); });
    }
    for (const auto& each : mine) CHECK(std::ranges::is_sorted(each));
  });
}

TEST_CASE("sort: as many values as keys") {
  std::vector<int> keys(3), values(2);
  CHECK_THROWS_AS(parallel_sort_by_key(keys, values), invalid_argument);
}
