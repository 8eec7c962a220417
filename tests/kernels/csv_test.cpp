#include "polyloop/aggregation/csv.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "../fuzz/compare_csv.hpp"
#include "polyloop/context.hpp"

namespace {

using namespace polyloop::aggregation;

table read_headless(std::string_view text) {
  return read_csv(text, compare::three_columns(), {.header = false});
}

/// The problem with a text whose header is a,b,c; fails the test if there is none.
csv_problem problem_of(std::string_view text) {
  try {
    read_csv(text, compare::three_columns());
  } catch (const csv_error& failed) {
    return failed.problem();
  }
  FAIL("no error in: " << text);
  return {};
}

void check_problem(std::string_view text, polyloop::index_t line, polyloop::index_t column,
                   std::string_view found) {
  const csv_problem problem = problem_of(text);
  CAPTURE(text);
  CHECK(problem.line == line);
  CHECK(problem.column == column);
  CHECK(problem.found == found);
}

/// Texts that are mostly well-formed, of the bytes that matter.
std::string random_text(std::mt19937& random) {
  static const std::string pieces[] = {
      "1",    "-7", "2.5", "x",  "\"q\"", "\"a,b\"", "\"a\nb\"", "\"\"\"\"",
      "\"\"", "",   "",    "\"", "\r",    "inf",     "\"\r\n\"", "99999999999999999999"};
  const auto any = [&random](unsigned n) { return static_cast<std::size_t>(random() % n); };
  std::string text;
  const unsigned mess = any(3) == 0 ? 16 : 1;  // one in so many rows is made of anything
  for (std::size_t rows = any(12); rows > 0; --rows) {
    const bool messy = mess > 1 && any(mess) == 0;
    const std::size_t width = messy ? 1 + any(4) : 3;
    for (std::size_t f = 0; f < width; ++f) {
      if (f > 0) text += ',';
      text += messy ? pieces[any(16)] : f == 2 ? pieces[any(11)] : std::to_string(any(100));
    }
    text += any(4) == 0 ? "\r\n" : "\n";
  }
  if (!text.empty() && any(3) == 0) text.pop_back();
  return text;
}

}  // namespace

TEST_CASE("typed columns, by name and in any order") {
  const table t = read_csv("id,name,price\n1,apple,0.5\n2,\"pear, green\",1e2\n",
                           {{"price", column_type::float64}, {"id", column_type::int64}, {"name"}});
  CHECK(t.rows() == 2);
  CHECK(t.names() == std::vector<std::string>{"price", "id", "name"});
  CHECK(t.int64("id")[1] == 2);
  CHECK(t.float64("price")[1] == 100);
  CHECK(t.string("name")[1] == "pear, green");
  CHECK_THROWS_AS(t.int64("name"), polyloop::invalid_argument);
  CHECK_THROWS_WITH_AS(t["size"], R"(column is size: expected one of: "price" "id" "name")",
                       polyloop::invalid_argument);
}

TEST_CASE("quotes, line ends and the byte order mark of RFC 4180") {
  const table t = read_headless(
      "\xEF\xBB\xBF"
      "1,2,\"say \"\"hi\"\"\"\r\n3,4,\"two\r\nlines\"\n\"5\",\"6\",last");
  CHECK(t.rows() == 3);
  CHECK(t.string("c")[0] == "say \"hi\"");
  CHECK(t.string("c")[1] == "two\r\nlines");
  CHECK(t.string("c")[2] == "last");
  CHECK(t.int64("a")[2] == 5);
  CHECK(t.float64("b")[2] == 6);
}

TEST_CASE("an empty field is missing, a quoted empty one is an empty string") {
  const table t = read_headless(",,\n\"\",\"\",\"\"\n");
  for (const polyloop::index_t row : {0, 1}) {
    CHECK_FALSE(t.int64("a").valid(row));
    CHECK_FALSE(t.float64("b").valid(row));
  }
  CHECK_FALSE(t.string("c").valid(0));
  CHECK(t.string("c").valid(1));
  CHECK(t.string("c")[1].empty());
}

TEST_CASE("texts with hardly anything in them") {
  CHECK(read_csv("", {}).rows() == 0);
  CHECK(read_csv("a", {{"a"}}).rows() == 0);
  CHECK(read_csv("a\r\n", {{"a"}}).rows() == 0);
  CHECK(read_headless("").rows() == 0);
  const table t = read_csv("a\n\nx\n", {{"a"}});
  CHECK(t.rows() == 2);
  CHECK_FALSE(t.string("a").valid(0));
  CHECK(t.string("a")[1] == "x");
}

TEST_CASE("numbers are correctly rounded and span their types") {
  const table t = read_headless("9223372036854775807,0.1,\n-9223372036854775808,2.2250738585072011e-308,\n");
  CHECK(t.int64("a")[0] == std::numeric_limits<std::int64_t>::max());
  CHECK(t.int64("a")[1] == std::numeric_limits<std::int64_t>::min());
  CHECK(t.float64("b")[0] == 0.1);
  CHECK(t.float64("b")[1] == 2.2250738585072011e-308);
}

TEST_CASE("another separator") {
  const table t = read_csv("a;b\n1,5;2\n", {{"a"}}, {.separator = ';'});
  CHECK(t.string("a")[0] == "1,5");
  CHECK_THROWS_AS(read_csv("a", {{"a"}}, {.separator = '"'}), polyloop::invalid_argument);
}

TEST_CASE("errors tell line, column and what was found") {
  check_problem("a,b,c\n1,2,3\nx,2,3\n", 3, 1, "\"x\"");
  check_problem("a,b,c\n1,2 ,3\n", 2, 2, "\"2 \"");
  check_problem("a,b,c\n99999999999999999999,2,3\n", 2, 1, "\"99999999999999999999\"");
  check_problem("a,b,c\n1,1e999,3\n", 2, 2, "\"1e999\"");
  check_problem("a,b,c\n1,2\n", 2, 2, "2 fields");
  check_problem("a,b,c\n1,2,3,4\n", 2, 4, "more than 3 fields");
  check_problem("a,b,c\n\n1,2,3\n", 2, 1, "1 field");
  check_problem("a,b,c\n1,2,x\"y\n", 2, 3, "a quote inside an unquoted field");
  check_problem("a,b,c\n1,2,\"x\"y\n", 2, 3, "\"y\" after a closing quote");
  check_problem("a,b,c\n1,2,\"x\n3,4,5\n", 2, 3, "the end of the text");
  check_problem("a,b,c\n1,2,x\ry\n", 2, 3, "a carriage return without a line feed");
  check_problem(std::string_view("a,b,c\n1,2,x\0y\n", 14), 2, 3, "a NUL byte");
  check_problem("a,\"b\nb\",c\"\n", 2, 3, "a quote inside an unquoted field");
}

TEST_CASE("the lowest line's error wins, and lines inside quotes count") {
  check_problem("a,b,c\n1,2,\"two\nlines\"\nx,2,3\n1,2\ny,2,\"\n", 4, 1, "\"x\"");
  CHECK_THROWS_WITH_AS(read_csv("a,b,c\n1,2,\n1,two,\n", compare::three_columns()),
                       "line 3, column 2 \"b\": found \"two\", expected a number", csv_error);
}

TEST_CASE("requests that the header does not answer") {
  CHECK_THROWS_AS(read_csv("a,b\n", {{"c"}}), polyloop::invalid_argument);
  CHECK_THROWS_AS(read_csv("a,a\n", {{"a"}}), polyloop::invalid_argument);
  CHECK_THROWS_AS(read_csv("a,b\n", {{"a"}, {"a"}}), polyloop::invalid_argument);
}

TEST_CASE("thousands of random texts, cut anywhere, against the naive reader") {
  std::mt19937 random(20);
  int errors = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = random_text(random);
    for (const polyloop::index_t chunk_bytes : {1, 2, 7, 64}) {
      CAPTURE(text);
      CAPTURE(chunk_bytes);
      REQUIRE(compare::difference(text, chunk_bytes) == "");
    }
    naive::sheet sheet;
    errors += naive::reader(text, {naive::kind::integer, naive::kind::number, naive::kind::text})
                  .read(sheet, true)
                  .has_value();
  }
  CHECK(errors > 300);
  CHECK(errors < 3700);
}

TEST_CASE("random texts on every backend with any number of workers") {
  for (polyloop::backend* b : polyloop::compiled_backends())
    for (int workers : {1, 2, 4, 8}) {
      const polyloop::scoped_context scope{.backend = *b, .workers = workers, .oversubscribe = true};
      std::mt19937 random(21);
      for (int i = 0; i < 50; ++i) {
        const std::string text = random_text(random);
        CAPTURE(b->name());
        REQUIRE(compare::difference(text, 3) == "");
      }
    }
}

TEST_CASE("a text of several chunks of the usual size") {
  std::string text = "a,b,c\n";
  constexpr int rows = 60'000;
  for (int r = 0; r < rows; ++r)
    text += std::to_string(r) + ",0.5,\"line\n\"\"" + std::to_string(r % 100) + "\"\"\"\n";
  const table t = read_csv(text, compare::three_columns());
  REQUIRE(t.rows() == rows);
  for (polyloop::index_t r = 0; r < rows; r += 997) {
    CHECK(t.int64("a")[r] == r);
    CHECK(t.string("c")[r] == "line\n\"" + std::to_string(r % 100) + "\"");
  }
}

TEST_CASE("errors of files name the file") {
  CHECK_THROWS_AS(read_csv_file("no such file.csv", {}), file_error);
  CHECK_THROWS_AS(read_csv_file(".", {}), file_error);
  const auto file = std::filesystem::temp_directory_path() / "polyloop_csv_test.csv";
  std::ofstream(file) << "a,b,c\n1,2,3\n";
  CHECK(read_csv_file(file.string(), compare::three_columns()).rows() == 1);
  std::ofstream(file) << "a,b,c\nx,2,3\n";
  try {
    read_csv_file(file.string(), compare::three_columns());
    FAIL("no error");
  } catch (const csv_error& failed) {
    CHECK(failed.file() == file.string());
    CHECK(std::string(failed.what()).starts_with(file.string() + ": line 2"));
  }
  std::filesystem::remove(file);
}

TEST_CASE("a stopped reader throws") {
  std::stop_source source;
  source.request_stop();
  CHECK_THROWS_AS(read_csv("a\n1\n2\n", {{"a"}}, {}, {.stop = source.get_token()}), polyloop::stopped);
}
