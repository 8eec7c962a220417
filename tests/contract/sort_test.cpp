// Sorts of anything else: by comparators, keys and projections; stable, and nothing lost. Comparators and
// projections are of one type each: what is the same for all of them is compiled once.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <thread>

#include "sort_kit.hpp"

using namespace polyloop;
using namespace contract;

namespace {

struct record {
  std::int64_t key;
  std::uint64_t place;
  bool operator==(const record&) const = default;
};
using comparator = std::function<bool(const record&, const record&)>;
using projection = std::function<std::int64_t(const record&)>;
const comparator by_key = [](const record& a, const record& b) { return a.key < b.key; };
const projection key_of = [](const record& r) { return r.key; };
const projection place_of = [](const record& r) { return static_cast<std::int64_t>(r.place); };

std::vector<record> records(std::size_t n, shape kind) {
  const auto keys = numbers_to_sort<std::int64_t>(n, kind);
  std::vector<record> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = {keys[i], i};
  return all;
}

}  // namespace

TEST_CASE("sort: by a comparator, by a projection and by key, all stable") {
  contract::on_every_setting([](int) {
    for (const std::size_t n : lengths) {
      for (const shape kind : shapes) {
        const std::vector<record> given = records(n, kind);
        std::vector<record> expected = given, compared = given, projected = given;
        std::stable_sort(expected.begin(), expected.end(), by_key);
        parallel_stable_sort(compared, by_key);
        CHECK(compared == expected);
        parallel_sort_by(projected, key_of);
        CHECK(projected == expected);

        std::vector<std::int64_t> keys = numbers_to_sort<std::int64_t>(n, kind);
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

namespace {

/// Random numbers, every fifth of them one that an order by bits alone cannot tell, or has to set apart.
template <class K>
std::vector<K> numbers_with(std::size_t n, const std::vector<K>& others) {
  std::vector<K> made = numbers_to_sort<K>(n, shape::random);
  if (others.empty()) return made;
  for (std::size_t i = 0; i < n; i += 5) made[i] = others[i / 5 % others.size()];
  return made;
}

/// Stable: bit by bit that of std::stable_sort, with the NaNs behind all numbers.
template <class K, class Less>
void check_bits_of_sort(const std::vector<K>& given, const Less& less) {
  std::vector<K> expected = given;
  std::stable_sort(expected.begin(), expected.end(), [&](K a, K b) {
    return std::isnan(a) || std::isnan(b) ? std::isnan(b) && !std::isnan(a) : less(a, b);
  });
  std::vector<K> sorted = given;
  parallel_sort(sorted, less);
  CHECK(contract::hash_of(sorted) == contract::hash_of(expected));
}

}  // namespace

TEST_CASE_TEMPLATE("sort: floating point of both signs, zeros and NaNs, bit by bit", K, float, double) {
  const K nan = std::numeric_limits<K>::quiet_NaN(), inf = std::numeric_limits<K>::infinity(),
          tiny = std::numeric_limits<K>::denorm_min();
  contract::on_every_setting([&](int) {
    for (const std::vector<K>& others :
         std::vector<std::vector<K>>{{}, {inf, -inf, tiny, -tiny, K(0)}, {K(0), K(-0.0)}, {nan, -nan}}) {
      check_bits_of_sort(numbers_with<K>(30'000, others), std::less<>{});
      check_bits_of_sort(numbers_with<K>(30'000, others), std::greater<>{});
    }
  });
}

TEST_CASE("sort: elements that can only be moved") {
  contract::on_every_setting([](int) {
    const auto keys = numbers_to_sort<int>(100'001, shape::skewed);
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
      const comparator fails = [&](const record& a, const record& b) {
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
    const auto as_double = [](const record& r) { return std::bit_cast<double>(r.key); };
    const comparator by_double = [&](const record& a, const record& b) { return as_double(a) < as_double(b); };
    const comparator always = [](const record&, const record&) { return true; };
    const comparator by_places = [](const record& a, const record& b) { return (a.place * b.place) % 3 != 0; };
    std::vector<record> given = records(200'001, shape::random);
    for (std::size_t i = 0; i < given.size(); i += 3)
      given[i].key = std::bit_cast<std::int64_t>(std::numeric_limits<double>::quiet_NaN());
    for (const comparator* no_order : {&by_double, &always, &by_places}) {
      std::vector<record> values = given;
      parallel_sort(values, *no_order);
      std::sort(values.begin(), values.end(), [](const record& a, const record& b) { return a.place < b.place; });
      CHECK(values == given);
    }
  });
}

TEST_CASE("sort: stopped, it says so and every element is still there") {
  contract::on_every_setting([](int) {
    std::stop_source source;
    const std::vector<record> given = records(300'001, shape::random);
    std::vector<record> expected = given, sorted = given;
    parallel_sort_by(expected, place_of);
    std::atomic<int> left = 500'000;
    const projection key = [&](const record& r) {
      if (left.fetch_sub(1, std::memory_order_relaxed) == 0) source.request_stop();
      return r.key;
    };
    CHECK_THROWS_AS(parallel_sort_by(sorted, key, std::less<>{}, {.stop = source.get_token()}), stopped);
    parallel_sort_by(sorted, place_of);
    CHECK(sorted == expected);
    sorted = given;
    CHECK_THROWS_AS(parallel_sort(sorted, by_key, {.deadline = std::chrono::steady_clock::now()}), stopped);
    CHECK(sorted == given);
  });
}

TEST_CASE("sort: inside a loop, and from several threads") {
  contract::on_every_setting([](int) {
    std::vector<std::vector<std::uint64_t>> parts(6, numbers_to_sort<std::uint64_t>(70'001, shape::random));
    parallel_for(parts.size(), [&](std::size_t i) { parallel_sort(parts[i]); },
                 {.schedule = schedule::dynamic(1)});
    for (const auto& part : parts) CHECK(std::ranges::is_sorted(part));
    std::vector<std::vector<record>> mine(3, records(70'001, shape::skewed));
    {
      std::vector<std::jthread> callers;
      for (auto& each : mine)
        callers.emplace_back([&each] { parallel_sort(each, by_key); });
    }
    for (const auto& each : mine) CHECK(std::is_sorted(each.begin(), each.end(), by_key));
  });
}

TEST_CASE("sort: as many values as keys") {
  std::vector<int> keys(3), values(2);
  CHECK_THROWS_AS(parallel_sort_by_key(keys, values), invalid_argument);
}
