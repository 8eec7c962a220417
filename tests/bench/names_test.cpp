#include <doctest/doctest.h>

#include <polyloop/error.hpp>

#include "suite/options.hpp"
#include "suite/result.hpp"

using namespace polyloop;
using namespace polyloop::bench;

namespace {

kernel_family family(std::string name, std::vector<index_t> sizes = {1}) {
  return {std::move(name), std::move(sizes), [](index_t) { return kernel{}; }};
}

}  // namespace

TEST_CASE("names of rows") {
  CHECK(row_name("saxpy", 1000, {"tbb", 2}) == "saxpy/1000/backend:tbb/workers:2/schedule:automatic");
  CHECK(row_name("saxpy", 1000, {"tbb", 2, schedule::dynamic(64)}) ==
        "saxpy/1000/backend:tbb/workers:2/schedule:dynamic/grain:64");
  CHECK(row_name("saxpy", 1000, {"tbb", 1, schedule::static_()}) ==
        "saxpy/1000/backend:tbb/workers:1/schedule:static");
  CHECK(row_name("saxpy", 1000, {.backend = "tbb", .workers = 2, .raw = true}) ==
        "saxpy/1000/raw:tbb/workers:2");
}

TEST_CASE("schedules by name and back") {
  for (const char* name : {"automatic", "static", "dynamic", "guided"}) {
    CHECK(schedule_name(schedule_named(name, 0)) == name);
    CHECK(schedule_named(name, 8).grain() == 8);
  }
  CHECK_THROWS_AS(schedule_named("eager", 0), invalid_argument);
}

TEST_CASE("the filter is Google Benchmark's: a part that matches, or a minus") {
  const std::string name = "saxpy/1000/backend:tbb/workers:2/schedule:automatic";
  CHECK(name_filter(".")(name));
  CHECK(name_filter("all")(name));
  CHECK(name_filter("^saxpy/.*tbb")(name));
  CHECK_FALSE(name_filter("^axpy")(name));
  CHECK_FALSE(name_filter("-saxpy")(name));
  CHECK(name_filter("-triad")(name));
  CHECK_THROWS_AS(name_filter("("), usage_error);
}

TEST_CASE("a kernel needs a name of its own without a slash, and a size") {
  CHECK_THROWS_AS(add_kernel(family("")), invalid_argument);
  CHECK_THROWS_AS(add_kernel(family("a/b")), invalid_argument);
  CHECK_THROWS_AS(add_kernel(family("no size", {})), invalid_argument);
  add_kernel(family("first"));
  CHECK_THROWS_AS(add_kernel(family("first")), invalid_argument);
  CHECK(all_kernels().back().name == "first");
}
