// Sorts that get no memory: the elements are all there, whichever allocation fails.
#include <algorithm>
#include <cstdint>
#include <doctest/doctest.h>
#include <new>
#include <polyloop/polyloop.hpp>
#include <random>
#include <vector>

#include "failing_memory.hpp"

namespace {

using namespace polyloop;

/// Half of them are so near to each other that they are dealt out a second time.
template <class T>
std::vector<T> numbers() {
  std::mt19937_64 lot(1);
  std::vector<T> made(300'000);
  for (T& each : made) each = static_cast<T>(lot() % 2 == 0 ? lot() % 1'000'000'000 : 5'000'000'000 + lot() % 300'000);
  return made;
}

template <class T, class Sort>
void check_that_none_is_lost(const Sort& sort) {
  const std::vector<T> given = numbers<T>();
  std::vector<T> expected = given;
  std::sort(expected.begin(), expected.end());
  int allocations = 0;
  for (bool some_failed = true; some_failed; ++allocations) {
    std::vector<T> data = given;
    bool threw = false;
    allocations_until_failure = allocations;
    try {
      sort(data);
    } catch (const std::bad_alloc&) {
      threw = true;
    }
    some_failed = allocations_until_failure.exchange(-1) < 0;
    if (threw) std::sort(data.begin(), data.end());
    REQUIRE(data == expected);
    REQUIRE((some_failed || !threw));
  }
  CHECK(allocations > 4);
}

}  // namespace

TEST_CASE("sort: without memory no element is lost") {
  const scoped_context scope{.workers = 2};
  check_that_none_is_lost<std::uint64_t>([](auto& data) { parallel_sort(data); });
  check_that_none_is_lost<double>([](auto& data) { parallel_sort(data); });
  check_that_none_is_lost<std::int64_t>([](auto& data) { parallel_sort(data, [](auto a, auto b) { return a < b; }); });
}
