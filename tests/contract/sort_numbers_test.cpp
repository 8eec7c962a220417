// Sorts of numbers by their digits: every kind and both directions.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "sort_kit.hpp"

using namespace polyloop;
using namespace contract;

namespace {

template <class T>
void check_numbers(std::size_t n, shape kind) {
  const std::vector<T> given = numbers_to_sort<T>(n, kind);
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

TEST_CASE("sort: NaNs and zeros of both signs among many numbers, bit by bit") {
  std::vector<double> given = numbers_to_sort<double>(200'001, shape::random);
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (i % 3 == 0) given[i] = std::copysign(std::numeric_limits<double>::quiet_NaN(), i % 2 == 0 ? 1 : -1);
    if (i % 5 == 0) given[i] = i % 2 == 0 ? 0.0 : -0.0;
  }
  for (const bool descending : {false, true}) {
    const auto before = [&](double a, double b) {
      if (std::isnan(a) || std::isnan(b)) return !std::isnan(a);
      return descending ? a > b : a < b;
    };
    std::vector<double> expected = given;
    std::stable_sort(expected.begin(), expected.end(), [&](double a, double b) {
      return !(std::isnan(a) && std::isnan(b)) && before(a, b);
    });
    on_every_setting([&](int) {
      std::vector<double> sorted = given;
      descending ? parallel_sort(sorted, std::greater<double>{}) : parallel_sort(sorted);
      CHECK(hash_of(sorted) == hash_of(expected));
    });
  }
}
