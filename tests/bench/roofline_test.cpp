#include "suite/roofline.hpp"

#include <doctest/doctest.h>

using namespace polyloop::bench;

namespace {

/// At one worker 100 GB/s up to 1 MB, 10 GB/s beyond; 50 GFLOP/s, twice as many for floats.
roofline example() {
  roofline made;
  made.add(1, {{.bytes = 1e3, .read = 100, .copy = 90, .triad = 80},
               {.bytes = 1e6, .read = 8, .copy = 10, .triad = 9}});
  made.add(1, 50, 100);
  made.add(4, {{.bytes = 1e3, .read = 400}, {.bytes = 1e6, .read = 20}});
  made.add(4, 200, 400);
  return made;
}

constexpr double giga = 1e9;

}  // namespace

TEST_CASE("a stream is bound by memory, as a part of the best bandwidth at its size") {
  const roofline::place place = example().of(1 * giga, 0, 8, 1, 0.2);  // 5 GB/s of 10
  CHECK(place.bound == "memory");
  CHECK(place.fraction == doctest::Approx(0.5));
}

TEST_CASE("what a cache holds is held against the cache's bandwidth") {
  CHECK(example().of(1e4, 0, 8, 1, 1e4 / 50e9).fraction == doctest::Approx(0.5));
}

TEST_CASE("much arithmetic on few bytes is bound by it") {
  const roofline::place place = example().of(1e6, 10 * giga, 8, 1, 0.4);  // 25 GFLOP/s of 50
  CHECK(place.bound == "compute");
  CHECK(place.fraction == doctest::Approx(0.5));
  CHECK(example().of(1e6, 10 * giga, 4, 1, 0.4).fraction == doctest::Approx(0.25));
}

TEST_CASE("the roof is the lower of both at the operational intensity") {
  // 5 operations for a byte: 10 GB/s allow 50 GFLOP/s, as much as the arithmetic does.
  CHECK(example().of(1 * giga, 4.9 * giga, 8, 1, 0.1).bound == "memory");
  CHECK(example().of(1 * giga, 5.1 * giga, 8, 1, 0.1).bound == "compute");
  CHECK(example().of(1 * giga, 5.1 * giga, 8, 1, 0.102).fraction == doctest::Approx(1.0));
}

TEST_CASE("between the measured numbers of workers the lower one counts") {
  CHECK(example().of(1 * giga, 0, 8, 4, 0.1).fraction == doctest::Approx(0.5));
  CHECK(example().of(1 * giga, 0, 8, 3, 0.1).fraction == doctest::Approx(1.0));
}

TEST_CASE("without a declaration or a measurement there is no place below a roof") {
  CHECK(example().of(0, 0, 8, 1, 0.1).bound.empty());
  CHECK(roofline{}.of(1e9, 1e9, 8, 1, 0.1).bound.empty());
  CHECK(roofline{}.of(1e9, 1e9, 8, 1, 0.1).fraction == 0);
}

TEST_CASE("JSON tells the memory's bandwidth by the number of workers") {
  const auto json = example().as_json();
  CHECK(json["copy_gb_s"]["1"] == 10);
  CHECK(json["read_gb_s"]["4"] == 20);
  CHECK(json["peak_gflop_s"]["4"] == 200);
  CHECK(json["levels"].size() == 4);
}
