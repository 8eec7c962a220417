// The profiler: what observers see of loops, what the table adds up, and that neither costs a program its
// loops.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <numeric>
#include <optional>
#include <polyloop/crew.hpp>
#include <polyloop/polyloop.hpp>
#include <polyloop/profile.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "profile/site_name.hpp"

using namespace polyloop;
using namespace std::chrono_literals;

namespace {

/// A chunk_event that outlives its loop.
struct seen_chunk {
  std::uint64_t loop;
  std::string label;
  int workers;
  int worker;
  int thread;
  index_t first;
  index_t last;
  bool stolen;
  profile::time_point begin;
  profile::time_point end;
};

/// Keeps what it is told.
class listener final : public profile::observer {
 public:
  void loop_begins(const profile::loop_event& of) noexcept override { keep(begun, of); }
  void loop_ended(const profile::loop_event& of) noexcept override { keep(ended, of); }
  void chunk_begins(const profile::chunk_event&) noexcept override { ++chunks_begun; }
  void chunk_ended(const profile::chunk_event& of) noexcept override {
    const std::lock_guard hold(lock_);
    chunks.push_back({of.of.loop, std::string(of.of.label), of.of.workers, of.worker, of.thread, of.first,
                      of.last, of.stolen, of.begin, of.end});
  }

  std::vector<profile::loop_event> begun;
  std::vector<profile::loop_event> ended;
  std::vector<seen_chunk> chunks;
  std::atomic<int> chunks_begun{0};

 private:
  void keep(std::vector<profile::loop_event>& where, const profile::loop_event& of) {
    const std::lock_guard hold(lock_);
    where.push_back(of);
  }
  std::mutex lock_;
};

/// How often each of n iterations was in a chunk of the loop.
std::vector<int> coverage(const listener& of, std::uint64_t loop, index_t n) {
  std::vector<int> times(static_cast<std::size_t>(n), 0);
  for (const seen_chunk& each : of.chunks)
    if (each.loop == loop)
      for (index_t i = each.first; i < each.last; ++i) ++times[static_cast<std::size_t>(i)];
  return times;
}

/// Lends nothing: threads are asked for, and never come.
class nobody_comes final : public crew_backend {
 public:
  std::string_view name() const noexcept override { return "nobody comes"; }

 private:
  void lend(int) override {}
};

/// Records for the time of a block.
struct recorded {
  explicit recorded(const profile::settings& how = {}) { profile::start(how); }
  recorded(const recorded&) = delete;
  recorded& operator=(const recorded&) = delete;
  ~recorded() { profile::stop(); }
};

std::optional<profile::loop_summary> row_of(const std::string& label) {
  for (const profile::loop_summary& each : profile::snapshot().loops)
    if (each.label == label) return each;
  return std::nullopt;
}

/// Whether it can be so. A worker of a busy machine may come late at any time.
template <class Attempt>
bool in_one_of_many(const Attempt& attempt) {
  for (int i = 0; i < 50; ++i)
    if (attempt()) return true;
  return false;
}

std::string text_of(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// A place for a trace, gone after the test.
struct scratch_file {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("polyloop-profile-test-" + std::to_string(std::hash<std::thread::id>()(std::this_thread::get_id())) +
       ".json");
  scratch_file() = default;
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;
  ~scratch_file() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

void waiting_loop(const loop_options& options) {
  parallel_for(
      16, [](int) { std::this_thread::sleep_for(200us); }, options);
}

/// Iteration i of n takes a time that is proportional to i. It waits and does not
/// compute, so that the times do not depend on what else the machine has to do.
void triangular_loop(const char* label, const schedule& how) {
  const scoped_context four{.workers = 4, .oversubscribe = true};
  parallel_for(64, [](int i) { std::this_thread::sleep_for(i * 100us); }, {.label = label, .schedule = how});
}

}  // namespace

TEST_CASE("observer: sees a loop, and chunks that cover it once, on every backend") {
  for (backend* each : compiled_backends()) {
    CAPTURE(std::string(each->name()));
    const scoped_context scope{.backend = *each, .workers = 3, .oversubscribe = true};
    listener heard;
    loop_result result;
    {
      const profile::scoped_observer attached(heard);
      result = parallel_for(1000, [](int) {}, {.label = "seen", .schedule = schedule::dynamic(7)});
    }
    REQUIRE(heard.begun.size() == 1);
    REQUIRE(heard.ended.size() == 1);
    const profile::loop_event& loop = heard.ended.front();
    CHECK(heard.begun.front().loop == loop.loop);
    CHECK(loop.label == "seen");
    CHECK(loop.count == 1000);
    CHECK(loop.schedule == schedule::dynamic(7));
    CHECK(loop.shared == result.shared);
    CHECK(loop.workers == (result.shared ? 3 : 1));
    CHECK(loop.grain == (result.shared ? 7 : 0));
    CHECK_FALSE(loop.failed);
    CHECK(coverage(heard, loop.loop, 1000) == std::vector<int>(1000, 1));
    CHECK(heard.chunks_begun == static_cast<int>(heard.chunks.size()));
    for (const seen_chunk& chunk : heard.chunks) {
      CHECK(chunk.loop == loop.loop);
      CHECK(chunk.worker < loop.workers);
      CHECK(loop.begin <= chunk.begin);
      CHECK(chunk.begin <= chunk.end);
      CHECK(chunk.end <= loop.end);
    }
  }
}

TEST_CASE("observer: chunks of one thread follow each other") {
  listener heard;
  {
    const profile::scoped_observer attached(heard);
    const scoped_context scope{.workers = 2, .oversubscribe = true};
    parallel_for(100, [](int) { std::this_thread::sleep_for(10us); }, {.schedule = schedule::dynamic()});
  }
  std::vector<profile::time_point> free_at(64);
  for (const seen_chunk& each : heard.chunks) {  // in the order of their ends
    CHECK(each.begin >= free_at.at(static_cast<std::size_t>(each.thread)));
    free_at.at(static_cast<std::size_t>(each.thread)) = each.end;
  }
}

TEST_CASE("observer: an automatic loop of unknown cost is seen whole, the part before its launch included") {
  listener heard;
  loop_result result;
  {
    const profile::scoped_observer attached(heard);
    const scoped_context scope{.workers = 2, .oversubscribe = true};
    result = parallel_for(400, [](int) { std::this_thread::sleep_for(20us); });
  }
  REQUIRE(heard.ended.size() == 1);
  CHECK(heard.ended.front().shared == result.shared);
  CHECK(coverage(heard, heard.ended.front().loop, 400) == std::vector<int>(400, 1));
}

TEST_CASE("observer: a loop inside another says in which") {
  listener heard;
  {
    const profile::scoped_observer attached(heard);
    const scoped_context scope{.workers = 2, .oversubscribe = true};
    parallel_for(
        4, [](int) { parallel_for(10, [](int) {}, {.label = "inner", .schedule = schedule::dynamic()}); },
        {.label = "outer", .schedule = schedule::dynamic()});
    parallel_for(10, [](int) {}, {.label = "after"});
  }
  REQUIRE(heard.ended.size() == 6);
  std::uint64_t outer = 0;
  for (const auto& each : heard.ended)
    if (each.label == "outer") outer = each.loop;
  for (const auto& each : heard.ended) CHECK(each.inside == (each.label == "inner" ? outer : 0));
}

TEST_CASE("observer: a loop that throws ends as one that failed, and throws the same") {
  listener heard;
  {
    const profile::scoped_observer attached(heard);
    const scoped_context scope{.workers = 2, .oversubscribe = true};
    const auto body = [](int i) {
      if (i == 3) throw std::runtime_error("three");
    };
    CHECK_THROWS_WITH(parallel_for(8, body, {.schedule = schedule::dynamic()}), "three");
    CHECK_THROWS_WITH(parallel_for(8, body, {.workers = 1}), "three");
  }
  REQUIRE(heard.ended.size() == 2);
  for (const auto& each : heard.ended) CHECK(each.failed);
  CHECK(heard.chunks_begun == static_cast<int>(heard.chunks.size()));
}

TEST_CASE(
    "observer: sees nothing before and after its scope; two see the same; loops of its own are its own") {
  struct looping final : profile::observer {
    void loop_begins(const profile::loop_event&) noexcept override {
      ++told;
      parallel_for(10, [](int) {});
    }
    int told = 0;
  };
  listener first;
  listener second;
  looping own;
  const auto loop = [] { parallel_for(10, [](int) {}, {.label = "one"}); };
  loop();
  {
    const profile::scoped_observer one(first);
    loop();
    {
      const profile::scoped_observer two(second);
      const profile::scoped_observer three(own);
      loop();
    }
    loop();
  }
  loop();
  CHECK(first.ended.size() == 3);
  CHECK(second.ended.size() == 1);
  CHECK(own.told == 1);
}

TEST_CASE("observer: may come and go while other threads loop") {
  std::atomic<bool> done{false};
  std::vector<std::jthread> others;
  for (int t = 0; t < 2; ++t)
    others.emplace_back([&done] {
      while (!done) parallel_for(20, [](int) {}, {.schedule = schedule::dynamic()});
    });
  std::size_t seen = 0;
  for (int round = 0; round < 200; ++round) {
    listener heard;  // destroyed each time: nobody may call it then
    const profile::scoped_observer attached(heard);
    std::this_thread::sleep_for(50us);
    if (round % 50 == 0) parallel_for(20, [](int) {});
    seen += static_cast<std::size_t>(heard.chunks_begun);
  }
  done = true;
  CHECK(seen > 0);
}

TEST_CASE("observer: a chunk that ran on another worker than it was dealt to was stolen") {
  nobody_comes mine;
  const scoped_context scope{.backend = mine, .workers = 2, .oversubscribe = true};
  listener heard;
  {
    const profile::scoped_observer attached(heard);
    parallel_for(10, [](int) {}, {.schedule = schedule::static_()});
  }
  REQUIRE(heard.chunks.size() == 2);
  CHECK_FALSE(heard.chunks[0].stolen);
  CHECK(heard.chunks[1].stolen);
  CHECK(heard.ended.front().start_up == 0ns);
}

TEST_CASE("table: adds up the calls of a label at a call site") {
  const scoped_context scope{.workers = 2, .oversubscribe = true};
  std::optional<recorded> now;
  REQUIRE(in_one_of_many([&] {
    now.emplace();
    for (int call = 0; call < 3; ++call) waiting_loop({.label = "waits", .schedule = schedule::dynamic(2)});
    return row_of("waits")->shared == 0 || row_of("waits")->helped > 0;
  }));
  waiting_loop({.label = "waits alone", .workers = 1});
  CHECK_THROWS(parallel_for(4, [](int) { throw 1; }, {.label = "throws", .workers = 1}));

  const auto waits = row_of("waits");
  REQUIRE(waits);
  CHECK(waits->calls == 3);
  CHECK(waits->iterations == 48);
  CHECK(waits->failed == 0);
  CHECK(waits->site == row_of("waits alone")->site);
  CHECK((waits->site == "waiting_loop" || waits->site.starts_with("profile_test.cpp:")));
  if (waits->shared > 0) {
    CHECK(waits->shared == 3);
    CHECK(waits->chunks == 24);
    CHECK(waits->grain == 2);
    CHECK(waits->schedule == schedule::dynamic(2));
    REQUIRE(waits->workers.size() == 2);
    CHECK(waits->start_up > 0ns);
    CHECK(waits->imbalance() >= 1.0);
  }
  std::chrono::nanoseconds busy{0};
  for (const profile::worker_times& each : waits->workers) {
    CHECK(each.busy + each.idle == waits->wall);
    busy += each.busy;
  }
  CHECK(busy >= 48 * 200us);
  CHECK(waits->efficiency() <= 1.0);
  // What was measured, not how much: a busy machine may keep a worker waiting as long as it likes.
  const auto whole = waits->wall * static_cast<long>(waits->workers.size());
  CHECK(waits->efficiency() == doctest::Approx(std::chrono::duration<double>(busy) / whole));

  const auto alone = row_of("waits alone");
  REQUIRE(alone);
  CHECK(alone->calls == 1);
  CHECK(alone->shared == 0);
  CHECK(alone->chunks == 1);
  CHECK(alone->imbalance() == 1.0);
  CHECK(alone->workers.size() == 1);
  REQUIRE(row_of("throws"));
  CHECK(row_of("throws")->failed == 1);
}

TEST_CASE("table: a triangular loop is uneven with a static schedule, and not with a dynamic one") {
  if (compiled_backends().front()->most_workers() < 4) return;  // the serial build
  std::optional<recorded> now;
  CHECK(in_one_of_many([&] {
    now.emplace();
    triangular_loop("static", schedule::static_());
    triangular_loop("dynamic", schedule::dynamic());
    return row_of("dynamic")->imbalance() < 1.1;
  }));
  CHECK(row_of("static")->imbalance() > 1.5);
  CHECK(row_of("static")->advice().find("schedule::dynamic") != std::string::npos);
}

TEST_CASE("table: small loops are seen, every one") {
  const auto tiny = [] { return parallel_for(10, [](int) {}); };
  for (int i = 0; i < 5000; ++i) tiny();
  const recorded now;
  for (int i = 0; i < 3000; ++i) tiny();  // the first ones are still known to be small
  for (int i = 0; i < 1000; ++i) parallel_for(10, [](int) {}, {.label = "tiny"});
  std::uint64_t calls = 0;
  for (const auto& each : profile::snapshot().loops) calls += each.calls;
  CHECK(row_of("tiny")->calls == 1000);
  CHECK(calls >= 1000 + 3000 - 1024);
}

TEST_CASE("recording: begins anew with each start, ends with stop") {
  {
    const recorded now;
    CHECK(profile::is_on());
    parallel_for(10, [](int) {}, {.label = "one"});
  }
  CHECK_FALSE(profile::is_on());
  parallel_for(10, [](int) {}, {.label = "two"});
  CHECK(row_of("one"));
  CHECK_FALSE(row_of("two"));
  const recorded again;
  parallel_for(10, [](int) {}, {.label = "three"});
  CHECK_FALSE(row_of("one"));
  CHECK(row_of("three"));
}

TEST_CASE("recording: a start within a loop does not see the rest of that loop") {
  const recorded now;
  parallel_for(4,
               [](int i) {
                 if (i == 1) profile::start();
                 parallel_for(10, [](int) {}, {.label = "inner"});
               },
               {.label = "around", .workers = 1});
  CHECK_FALSE(row_of("around"));
  CHECK(row_of("inner")->calls == 3);
}

TEST_CASE("recording: a full trace drops events and counts them; the table goes on") {
  const recorded now({.trace_events = 1000});
  for (int i = 0; i < 2000; ++i) parallel_for(10, [](int) {}, {.label = "many"});
  const profile::table seen = profile::snapshot();
  CHECK(seen.trace_events <= 1000);
  CHECK(seen.trace_events > 500);
  CHECK(seen.trace_events + seen.dropped_events >= 4000);  // a loop and a chunk for each call, or more
  CHECK(row_of("many")->calls == 2000);
}

TEST_CASE("recording: a program that labels each call anew does not fill the memory") {
  const recorded now;
  for (int i = 0; i < 6000; ++i) parallel_for(1, [](int) {}, {.label = std::to_string(i)});
  const profile::table seen = profile::snapshot();
  CHECK(seen.loops.size() <= 4097);
  CHECK(row_of("(more)")->calls >= 6000 - 4096);
}

TEST_CASE("recording: threads that end leave what they have recorded") {
  const recorded now;
  for (int t = 0; t < 20; ++t)
    std::jthread([] { parallel_for(10, [](int) {}, {.label = "of many threads"}); }).join();
  CHECK(row_of("of many threads")->calls == 20);
}

TEST_CASE("hardware counters: counted or not, the loops run and the table says which") {
  const recorded now({.hardware_counters = true});
  std::atomic<double> sum{0};
  parallel_for(1000, [&](int i) { sum = sum + i; }, {.label = "counted", .workers = 1});
  CHECK(profile::snapshot().hardware_counters == (row_of("counted")->counts.instructions > 0));
}

TEST_CASE("trace: loops, chunks, spans and counters; written whole or not at all") {
  const scratch_file file;
  const recorded now;
  {
    const profile::scoped_span stage("a \"stage\"\n", "pipeline");
    profile::counter("queue", 2.5);
    parallel_for(10, [](int) {}, {.label = "traced"});
  }
  profile::write_trace(file.path.string());
  const std::string text = text_of(file.path);
  CHECK(text.find(R"("name":"a \"stage\"\u000a","cat":"pipeline")") != std::string::npos);
  CHECK(text.find(R"("args":{"value":2.5})") != std::string::npos);
  CHECK(text.find(R"("name":"traced","cat":"loop")") != std::string::npos);
  CHECK(text.find(R"("name":"traced","cat":"chunk")") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(file.path.string() + ".part"));
  CHECK_THROWS_AS(profile::write_trace("/nowhere/at/all.json"), std::system_error);
}

TEST_CASE("advice: says of a loop what would make it faster") {
  const auto says = [](const profile::loop_summary& of, const char* words) {
    return of.advice().find(words) != std::string::npos;
  };
  profile::loop_summary tiny;
  tiny.calls = 1000;
  tiny.wall = 2ms;
  CHECK(says(tiny, "too little work per launch (2.00 us)"));

  profile::loop_summary shared;
  shared.calls = shared.shared = shared.helped = 10;
  shared.wall = 100ms;
  shared.busiest = 90ms;
  shared.level = 89ms;
  shared.workers = {{90ms, 10ms}, {88ms, 12ms}};
  CHECK(shared.advice() == "fine");
  CHECK(shared.efficiency() == doctest::Approx(0.89));

  profile::loop_summary uneven = shared;
  uneven.level = 50ms;
  CHECK(says(uneven, "imbalance 1.80: try schedule::dynamic"));
  uneven.schedule = schedule::dynamic(64);
  CHECK(says(uneven, "smaller grain"));

  profile::loop_summary slow = shared;
  slow.front_alone = {1ms, 1000};
  slow.front_together = {3ms, 1500};
  CHECK(slow.slow_down() == doctest::Approx(2.0));
  CHECK(says(slow, "memory-bound (an iteration takes 2.0 times"));
  slow.front_together = {1500us, 1500};
  CHECK(slow.advice() == "fine");
  slow.counts = {.cycles = 1000000, .instructions = 400000, .cache_misses = 8000};
  CHECK(says(slow, "memory-bound (the caches miss often)"));

  profile::loop_summary short_one = shared;
  short_one.wall = 300us;
  short_one.start_up = 60us;
  short_one.join = 60us;
  CHECK(says(short_one, "too little work per launch (30.0 us)"));
  profile::loop_summary unhelped = shared;
  unhelped.helped = 2;
  CHECK(says(unhelped, "only 2 of 10"));
  unhelped.wall = 1ms;
  CHECK(says(unhelped, "before a worker that slept has come"));

  profile::table all;
  all.loops = {shared, tiny};
  const std::string text = profile::to_text(all, 1);
  CHECK(text.find("efficiency") != std::string::npos);
  CHECK(text.find("100.0 ms") != std::string::npos);
  CHECK(text.find("and 1 loops more") != std::string::npos);
}

TEST_CASE("call site: what the compilers call a type, in words that a reader knows") {
  using detail::readable_site;
  const std::string gcc = "constexpr const char* polyloop::detail::type_text() [with Key = ";
  CHECK(readable_site(gcc + "each_index<int, main()::<lambda(int)> >]") == "main");
  CHECK(readable_site(gcc + "each_index<int, const {anonymous}::rows(int)::<lambda(int)> >]") == "rows");
  CHECK(readable_site(
            gcc +
            "polyloop::detail::each_step<int, box<float>::go(std::vector<int>&) const::<lambda(int)> >]") ==
        "box<float>::go");
  CHECK(readable_site(gcc + "each_index<long int, const polyloop::parallel_reduce_blocks<int, sum<double>, "
                            "user::norm(const double*, int)::<lambda(int)> >(int, const "
                            "loop_options&)::<lambda(long int)> >]") == "user::norm");
  CHECK(readable_site(gcc + "each_index<int, void (*)(int)>]") == "void (*)(int)");
  CHECK(readable_site(gcc + "each_index<int, functor<int, long> >]") == "functor<int, long>");
  const std::string clang = "const char *polyloop::detail::type_text() [Key = ";
  CHECK(readable_site(clang + "polyloop::detail::each_index<int, (lambda at /home/me/rows.cpp:15:10)>]") ==
        "rows.cpp:15");
  CHECK(readable_site(clang + "polyloop::detail::each_index<int, functor>]") == "functor");
  CHECK(readable_site("") == "");
}
