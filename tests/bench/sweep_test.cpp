#include "suite/sweep.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <polyloop/context.hpp>

using namespace polyloop;
using namespace polyloop::bench;

namespace {

std::string complaint_about(const char* text) {
  try {
    parse_sweep(text);
  } catch (const usage_error& problem) {
    return problem.what();
  }
  return "nothing";
}

bool tells(const char* text, const char* place_and_words) {
  const std::string said = complaint_about(text);
  INFO(said);
  CHECK(said.starts_with(place_and_words));
  return said.starts_with(place_and_words);
}

}  // namespace

TEST_CASE("an axis that is left out keeps its default") {
  const sweep read = parse_sweep("grain=8");
  CHECK(read.grains == std::vector<index_t>{8});
  CHECK(read.schedules == std::vector<std::string>{"automatic"});
  CHECK(read.workers == sweep{}.workers);
  CHECK(read.backends.empty());
}

TEST_CASE("values go to the key before them") {
  const sweep read = parse_sweep("workers=1,2..4,N,schedule=static,guided,grain=1,64");
  using range = sweep::worker_range;
  CHECK(read.workers == std::vector<range>{{1, 1}, {2, 4}, {sweep::all_workers, sweep::all_workers}});
  CHECK(read.schedules == std::vector<std::string>{"static", "guided"});
  CHECK(read.grains == std::vector<index_t>{1, 64});
  CHECK(parse_sweep("workers=1..N").workers == std::vector<range>{{1, sweep::all_workers}});
}

TEST_CASE("what cannot be read is told with its place") {
  tells("", "--sweep: character 1: \"\": expected key=value");
  tells("8", "--sweep: character 1: \"8\": expected key=value");
  tells("threads=8", "--sweep: character 1: \"threads\": expected workers, schedule, grain or backend");
  tells("workers=1,two", "--sweep: character 11: \"two\": expected a number of workers");
  tells("workers=0", "--sweep: character 9: \"0\"");
  tells("workers=4..2", "--sweep: character 9: \"4..2\": expected a range");
  tells("workers=N..2", "--sweep: character 9: \"N..2\": expected a range");
  tells("grain=1,schedule=dynamic,slow", "--sweep: character 26: \"slow\": expected automatic, static");
  tells("grain=-1", "--sweep: character 7: \"-1\": expected a number of iterations");
  tells("grain=1,grain=2", "--sweep: character 9: \"grain\": expected each key once");
  tells("grain=1,", "--sweep: character 9: \"\": expected a number of iterations");
  tells("backend=abacus", "--sweep: character 9: \"abacus\": expected ");
}

TEST_CASE("ours: the serial backend comes first and once, the others in all ways") {
  const std::vector<variant> ways = our_variants(parse_sweep("workers=1,schedule=static,dynamic,grain=4,16"));
  std::size_t parallel = 0;
  for (const backend* each : compiled_backends()) parallel += each->name() != "serial";
  CHECK(ways.size() == (compiled_backends().size() - parallel) + 4 * parallel);
  if (parallel < compiled_backends().size()) CHECK(ways.front() == variant{.backend = "serial"});
}

TEST_CASE("no way is there twice, and none has more workers than there are") {
  const std::vector<variant> ways = our_variants(parse_sweep("workers=1,1..N,100000"));
  for (const variant& each : ways) {
    CHECK(std::ranges::count(ways, each) == 1);
    const scoped_context scope{.backend = each.backend};
    CHECK(each.workers <= explain().workers);
  }
}

TEST_CASE("a twin by hand is asked for once for each backend and number of workers") {
  const std::vector<variant> twins =
      raw_variants(our_variants(parse_sweep("workers=1,schedule=static,guided")));
  CHECK(twins.size() == compiled_backends().size());
  for (const variant& each : twins) CHECK(each.raw);
}
