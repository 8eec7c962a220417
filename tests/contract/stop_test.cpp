// Stop tokens and deadlines: what a stopped loop returns is true.
#include <atomic>
#include <chrono>
#include <thread>

#include "kit.hpp"

using namespace polyloop;
using contract::on_every_schedule;
using contract::on_every_setting;
using steady = std::chrono::steady_clock;

TEST_CASE("stop: requested before the loop") {
  on_every_schedule([](const schedule& how) {
    std::stop_source source;
    source.request_stop();
    std::atomic<int> ran{0};
    const loop_result result =
        parallel_for(1000, [&](int) { ++ran; }, {.schedule = how, .stop = source.get_token()});
    CHECK_FALSE(result.finished());
    CHECK(result.iterations == 0);
    CHECK(ran == 0);
  });
}

TEST_CASE("stop: requested by a body") {
  on_every_schedule([](const schedule& how) {
    std::stop_source source;
    std::atomic<index_t> ran{0};
    const auto body = [&](index_t i) {
      if (i == 10) source.request_stop();
      contract::burn(200);
      ++ran;
    };
    constexpr index_t n = 200000;
    const loop_result result = parallel_for(n, body, {.schedule = how, .stop = source.get_token()});
    CHECK(result.iterations == ran);
    CHECK(result.finished() == (ran == n));
    if (how.how() == schedule::kind::automatic) CHECK(ran < n);
  });
}

// Handed out one by one, the chunks that are not wanted any more would take days.
TEST_CASE("stop: a loop of very many chunks ends at once, by a stop or an error") {
  on_every_schedule([](const schedule& how) {
    constexpr index_t endless = index_t{1} << 48;
    std::stop_source source;
    const auto stop_soon = [&](index_t) { source.request_stop(); };
    CHECK_FALSE(parallel_for(endless, stop_soon, {.schedule = how, .stop = source.get_token()}).finished());
    if (how.how() != schedule::kind::dynamic) return;  // only here all of the others come behind
    const auto fail = [](index_t i) { throw contract::failure{i}; };
    CHECK(contract::thrown_by([&] { parallel_for(endless, fail, {.schedule = how}); }) == 0);
  });
}

TEST_CASE("stop: a token that is never used changes nothing") {
  on_every_schedule([](const schedule& how) {
    const std::stop_source source;
    std::atomic<index_t> ran{0};
    const loop_result result =
        parallel_for(20000, [&](int) { ++ran; }, {.schedule = how, .stop = source.get_token()});
    CHECK(result.finished());
    CHECK(result.iterations == 20000);
    CHECK(ran == 20000);
  });
}

TEST_CASE("deadline: passed, far away, and in the middle") {
  on_every_schedule([](const schedule& how) {
    std::atomic<index_t> ran{0};
    const auto count = [&](index_t) { ++ran; };
    CHECK(parallel_for(1000, count, {.schedule = how, .deadline = steady::now() - std::chrono::seconds(1)})
              .iterations == 0);
    CHECK(ran == 0);
    CHECK(parallel_for(1000, count, {.schedule = how, .deadline = steady::now() + std::chrono::hours(1)})
              .finished());
    CHECK(ran == 1000);
  });
  on_every_setting([](int) {
    // Endless but for the deadline: that it ends is the test.
    std::atomic<index_t> ran{0};
    const auto body = [&](index_t) {
      contract::burn(100);
      ++ran;
    };
    const auto deadline = steady::now() + std::chrono::milliseconds(5);
    const loop_result result = parallel_for(index_t{1} << 40, body, {.deadline = deadline});
    CHECK_FALSE(result.finished());
    CHECK(result.iterations == ran);
    CHECK(steady::now() >= deadline);
  });
}

TEST_CASE("stop: an exception outweighs it") {
  on_every_setting([](int) {
    std::stop_source source;
    const auto body = [&](index_t i) {
      if (i == 5) {
        source.request_stop();
        throw 5;
      }
    };
    CHECK_THROWS_AS(parallel_for(1000, body, {.stop = source.get_token()}), int);
  });
}

TEST_CASE("stop: a reduction that was stopped has no result") {
  on_every_setting([](int) {
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(parallel_reduce(1000, sum<int>{}, [](int i) { return i; }, {.stop = source.get_token()}),
                    stopped);
    const std::stop_source unused;
    CHECK(parallel_reduce(1000, sum<int>{}, [](int i) { return i; }, {.stop = unused.get_token()}) == 499500);
  });
}
