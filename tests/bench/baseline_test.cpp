#include "suite/baseline.hpp"

#include <doctest/doctest.h>

#include "support/input.hpp"

using namespace polyloop::bench;
using json = nlohmann::ordered_json;

namespace {

row measured(const std::string& kernel, double seconds, const std::string& input = "generated") {
  row made{.name = row_name(kernel, 1, {"serial", 1}), .kernel = kernel, .size = 1, .input = input};
  made.how = {"serial", 1};
  for (int round = 0; round < 25; ++round) made.taken.push_back(seconds * (1 + 0.001 * (round % 7)));
  made.seconds = summary_of(made.taken);
  return made;
}

}  // namespace

TEST_CASE("slower beyond the threshold is a regression, faster an improvement") {
  const auto made = compare_rows({measured("a", 1.05), measured("b", 0.9), measured("c", 1.0)},
                                 {measured("a", 1.0), measured("b", 1.0), measured("c", 1.0)});
  REQUIRE(made.changes.size() == 3);
  CHECK(made.changes[0].is_regression(0.02));
  CHECK_FALSE(made.changes[0].is_regression(0.1));
  CHECK(made.changes[1].is_improvement(0.02));
  CHECK_FALSE(made.changes[1].is_regression(0.02));
  CHECK_FALSE(made.changes[2].is_regression(0.0));
  CHECK_FALSE(made.changes[2].is_improvement(0.0));
  CHECK(made.changes[0].ratio.middle == doctest::Approx(1.05));
}

TEST_CASE("rows of other data or without a counterpart are told, not compared") {
  const auto made =
      compare_rows({measured("a", 1.0, "film"), measured("new", 1.0)}, {measured("a", 2.0, "photograph")});
  CHECK(made.changes.empty());
  CHECK(made.other_data == std::vector<std::string>{row_name("a", 1, {"serial", 1})});
  CHECK(made.new_rows == std::vector<std::string>{row_name("new", 1, {"serial", 1})});
}

TEST_CASE("a row comes back from JSON as it was") {
  row before = measured("a", 1.5);
  before.how = {"tbb", 2, polyloop::schedule::dynamic(64)};
  before.over_raw = interval{1.1, 1.0, 1.2};
  before.bound = "memory";
  before.checksum = "0123456789abcdef";
  before.checksum_holds = true;
  const row after = json::parse(json(before).dump()).get<row>();
  CHECK(json(after) == json(before));
  CHECK(after.how == before.how);
  CHECK_FALSE(after.speed_up.has_value());
}

TEST_CASE("what is no file of results is refused with its name") {
  for (const char* text : {"[]", "{}", R"({"polyloop": {"rows": [{}]}})", R"({"polyloop": {"rows": 3}})"}) {
    try {
      rows_in(json::parse(text), "old.json");
      FAIL("accepted");
    } catch (const input_error& problem) {
      CHECK(std::string(problem.what()).starts_with("old.json: not results of this suite: "));
    }
  }
  CHECK_THROWS_AS(read_rows("/nowhere/old.json"), input_error);
}
