#include "polyloop/tuning.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <polyloop/polyloop.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tuned.hpp"

using namespace polyloop;

namespace {

/// Keeps what it was told of the last loop.
struct recorder final : backend {
  std::string_view name() const noexcept override { return "recorder"; }
  void run(const loop& work) override {
    last = work.schedule;
    workers = work.workers;
    work.chunk(work.begin, work.end, 0);
  }
  schedule last;
  int workers = 0;
};

/// How a loop with these options reaches a backend under a tuning.
recorder recorded(const loop_options& options, const tuning* loops) {
  recorder seen;
  const scoped_context scope{.backend = seen, .workers = 8, .oversubscribe = true, .tuning = loops};
  loop_options asked = options;
  parallel_for(
      1000, [](int) {}, asked);
  return seen;
}

tuning_problem problem_of(std::string_view text) {
  try {
    parse_tuning(text, "t.txt");
  } catch (const tuning_error& wrong) {
    return wrong.problem();
  }
  return {};
}

struct temporary_file {
  explicit temporary_file(const std::string& text)
      : path((std::filesystem::temp_directory_path() / ("polyloop-tuning-" + std::to_string(std::rand())))
                 .string()) {
    std::ofstream(path, std::ios::binary) << text;
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::filesystem::remove(path); }
  std::string path;
};

}  // namespace

TEST_CASE("tuning: what a text says") {
  const tuning loops = parse_tuning(
      "# a comment\n"
      "\n"
      "\"rows\" workers=4 schedule=dynamic grain=64 backend=\"tbb\"  # the best of 90\n"
      "  \"all of it\"\tgrain=7 schedule=static\r\n"
      "\"say \"\"when\"\"\" schedule=static\n"
      "\"#1\" backend=\"here and now\"\n"
      "\"even\" schedule=automatic grain=100\n"
      "\"alone\" workers=1");
  CHECK(loops.size() == 6);
  CHECK(*loops.find("rows") == loop_tuning{4, schedule::dynamic(64), "tbb"});
  CHECK(*loops.find("all of it") == loop_tuning{{}, schedule::static_(7), ""});
  CHECK(*loops.find("say \"when\"") == loop_tuning{{}, schedule::static_(), ""});
  CHECK(*loops.find("#1") == loop_tuning{{}, schedule::automatic, "here and now"});
  CHECK(*loops.find("even") == loop_tuning{{}, schedule::automatic_from(100), ""});
  CHECK(*loops.find("alone") == loop_tuning{1, schedule::automatic, ""});
  CHECK(loops.find("nothing") == nullptr);
  CHECK(parse_tuning("").size() == 0);
}

TEST_CASE("tuning: what is written is read back as the same") {
  tuning loops;
  int number = 1;
  for (const schedule how : {schedule::automatic, schedule::static_(), schedule::static_(3),
                             schedule::dynamic(), schedule::guided(9), schedule::automatic_from(5)}) {
    loops.set("loop \"" + std::to_string(number) + "\"\t# of \r many",
              {.workers = number, .schedule = how});
    loops.set(std::to_string(number++), {.schedule = how, .backend = "a \"b\" # c"});
  }
  CHECK(parse_tuning(format_tuning(loops)) == loops);
}

TEST_CASE("tuning: a wrong text is told with its line, its column and what was expected") {
  struct wrong {
    const char* text;
    index_t line;
    index_t column;
    const char* found;
    const char* expected;
  };
  const char* const settings = "workers=, schedule=, grain= or backend=";
  const char* const kinds = "automatic, static, dynamic or guided";
  const char* const workers = "a number of workers from 1 to 1000000";
  const char* const iterations = "a positive number of iterations";
  for (const wrong& each : std::vector<wrong>{
           {"rows workers=2", 1, 1, "\"rows\"", "a label in quotes"},
           {"\n\n  \"rows", 3, 8, "the end of the line", "a closing quote"},
           {"\"ro\nws\"", 1, 4, "the end of the line", "a closing quote"},
           {"\"\" workers=2", 1, 1, "nothing between the quotes", "a label in quotes"},
           {"\"rows\" 2", 1, 8, "\"2\"", settings},
           {"\"rows\" workers", 1, 8, "\"workers\"", settings},
           {"\"rows\" threads=2", 1, 8, "\"threads\"", settings},
           {"\"rows\" Workers=2", 1, 8, "\"Workers=2\"", settings},
           {"\"rows\" workers=", 1, 16, "nothing", workers},
           {"\"rows\" workers=0", 1, 16, "\"0\"", workers},
           {"\"rows\" workers=-2", 1, 16, "\"-2\"", workers},
           {"\"rows\" workers=1000001", 1, 16, "\"1000001\"", workers},
           {"\"rows\" workers=2,schedule=static", 1, 16, "\"2,schedule=static\"", workers},
           {"\"rows\" workers=# none", 1, 16, "nothing", workers},
           {"\"rows\" schedule=fast", 1, 17, "\"fast\"", kinds},
           {"\"rows\" schedule=static grain=1.5", 1, 30, "\"1.5\"", iterations},
           {"\"rows\" schedule=static grain=9223372036854775808", 1, 30, "\"9223372036854775808\"",
            iterations},
           {"\"rows\" grain=8", 1, 15, "a grain alone", "schedule= beside it"},
           {"\"rows\" workers=2 workers=3", 1, 18, "\"workers\" again", "each setting once"},
           {"\"a\"\n\"b\"\n \"a\" workers=2", 3, 2, "\"a\" again", "each label once"},
           {"\"rows\" backend=tbb", 1, 16, "\"tbb\"", "a name in quotes"},
           {"\xef\xbb\xbf\"rows\"", 1, 1, "\"\xef\xbb\xbf\"\"rows\"\"\"", "a label in quotes"},
       }) {
    INFO(each.text);
    const tuning_problem problem = problem_of(each.text);
    CHECK(problem.file == "t.txt");
    CHECK(problem.line == each.line);
    CHECK(problem.column == each.column);
    CHECK(problem.found == each.found);
    CHECK(problem.expected == each.expected);
  }
  CHECK_THROWS_WITH_AS(parse_tuning("\"a\" grain=x", "t.txt"),
                       "t.txt: line 1, column 11: found \"x\", expected a positive number of iterations",
                       tuning_error);
}

TEST_CASE("tuning: a file that is not there, and one that is a folder") {
  CHECK_THROWS_WITH_AS(read_tuning("no such file.txt"),
                       "no such file.txt: found No such file or directory, expected a file that can be read",
                       tuning_error);
  CHECK_THROWS_AS(read_tuning("."), tuning_error);
  CHECK(read_tuning(temporary_file("").path).size() == 0);
}

TEST_CASE("tuning: no label and no workers are refused") {
  tuning loops;
  CHECK_THROWS_AS(loops.set("", {}), invalid_argument);
  CHECK_THROWS_AS(loops.set("two\nlines", {}), invalid_argument);
  CHECK_THROWS_AS(loops.set("rows", {.workers = 0}), invalid_argument);
  CHECK(loops.size() == 0);
}

TEST_CASE("tuning: a loop with the label follows it, any other does not") {
  tuning loops;
  loops.set("rows", {.workers = 3, .schedule = schedule::guided(5)});
  const recorder tuned = recorded({.label = "rows"}, &loops);
  CHECK(tuned.last == schedule::guided(5));
  CHECK(tuned.workers == 3);
  const loop_options explicit_one = {.label = "other", .schedule = schedule::dynamic(2)};
  CHECK(recorded(explicit_one, &loops).workers == 8);
  CHECK(recorded({.schedule = schedule::dynamic(2)}, &loops).last == schedule::dynamic(2));
}

TEST_CASE("tuning: what the loop itself says counts, each for itself") {
  tuning loops;
  loops.set("rows", {.workers = 3, .schedule = schedule::guided(5)});
  const recorder own_schedule = recorded({.label = "rows", .schedule = schedule::static_(4)}, &loops);
  CHECK(own_schedule.last == schedule::static_(4));
  CHECK(own_schedule.workers == 3);
  const recorder own_workers = recorded({.label = "rows", .workers = 2}, &loops);
  CHECK(own_workers.last == schedule::guided(5));
  CHECK(own_workers.workers == 2);
}

TEST_CASE("tuning: the limits of the scope hold") {
  tuning loops;
  loops.set("rows", {.workers = 100, .schedule = schedule::dynamic()});
  CHECK(recorded({.label = "rows"}, &loops).workers == 8);
}

TEST_CASE("tuning: scopes nest by label, and end") {
  tuning outer;
  outer.set("a", {.workers = 2});
  outer.set("b", {.workers = 2});
  tuning inner;
  inner.set("b", {.workers = 3});
  const scoped_context one{.tuning = &outer};
  {
    const scoped_context two{.tuning = &inner};
    const scoped_context three{.workers = 1};
    CHECK(detail::find_tuned("a")->workers == 2);
    CHECK(detail::find_tuned("b")->workers == 3);
  }
  CHECK(detail::find_tuned("b")->workers == 2);
  CHECK(detail::find_tuned("c") == nullptr);
}

TEST_CASE("tuning: a scope's holds on the workers of its loops and in nested loops, not on other threads") {
  tuning loops;
  loops.set("inner", {.workers = 1});
  for (backend* each : compiled_backends()) {
    INFO(std::string(each->name()));
    const scoped_context scope{.backend = *each, .workers = 4, .oversubscribe = true, .tuning = &loops};
    std::atomic<int> tuned = 0;
    const auto look = [&](int) { tuned += detail::find_tuned("inner") != nullptr; };
    parallel_for(64, [&](int) { parallel_for(4, look, {.label = "inner", .schedule = schedule::dynamic()}); },
                 {.schedule = schedule::dynamic()});
    CHECK(tuned == 256);
    bool elsewhere = true;
    std::thread([&] { elsewhere = detail::find_tuned("inner") != nullptr; }).join();
    CHECK_FALSE(elsewhere);
  }
}

TEST_CASE("tuning: what is loaded holds on all threads, beside what was loaded before") {
  const temporary_file first("\"loaded a\" workers=2\n\"loaded b\" workers=2\n");
  const temporary_file second("\"loaded b\" workers=3 schedule=dynamic grain=10\n");
  load_tuning(first.path);
  load_tuning(second.path);
  CHECK_THROWS_AS(load_tuning("no such file.txt"), tuning_error);
  std::thread([] {
    CHECK(detail::find_tuned("loaded a")->workers == 2);
    CHECK(detail::find_tuned("loaded b")->workers == 3);
  }).join();
  CHECK(recorded({.label = "loaded b"}, nullptr).last == schedule::dynamic(10));
  tuning scoped;
  scoped.set("loaded b", {.workers = 5, .schedule = schedule::static_()});
  CHECK(recorded({.label = "loaded b"}, &scoped).workers == 5);
}

TEST_CASE("tuning: files may be loaded while loops run") {
  const temporary_file file("\"racing\" workers=2 schedule=dynamic grain=1\n");
  std::atomic<bool> done = false;
  std::thread loader([&] {
    for (int i = 0; i < 100; ++i) load_tuning(file.path);
    done = true;
  });
  index_t rounds = 0;
  index_t total = 0;
  for (; !done || rounds == 0; ++rounds)
    total += parallel_reduce(100, sum<index_t>{}, [](index_t i) { return i; }, {.label = "racing"});
  loader.join();
  CHECK(total == rounds * 4950);
}
