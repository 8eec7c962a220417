#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <initializer_list>
#include <memory>
#include <numeric>
#include <polyloop/bounded_queue.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace polyloop;
using namespace std::chrono_literals;

namespace {

/// Throws on the moves that it is told to; a value that was moved from is -1.
struct fragile {
  static inline int moves_left = -1;  // -1: never throws

  explicit fragile(int v) : value(v) {}
  fragile(fragile&& other) : value(other.value) {
    if (moves_left == 0) throw std::runtime_error("move");
    if (moves_left > 0) --moves_left;
    other.value = -1;
  }
  int value;
};

/// Every value of every producer arrives once, and in the order of its producer
/// at each consumer.
template <class T, class Value>
void exchange(std::size_t capacity, int producers, int consumers, int each, const Value& value_of) {
  bounded_queue<T> queue(capacity);
  std::vector<std::vector<int>> got(static_cast<std::size_t>(consumers));
  {
    std::vector<std::jthread> takers;
    for (auto& mine : got)
      takers.emplace_back([&queue, &mine, &value_of] {
        while (auto next = queue.pop()) mine.push_back(value_of(*next));
      });
    {
      std::vector<std::jthread> makers;
      for (int p = 0; p < producers; ++p)
        makers.emplace_back([&queue, p, each] {
          for (int i = 0; i < each; ++i) queue.push(T(p * each + i));
        });
    }
    queue.close();
  }
  std::vector<int> times(static_cast<std::size_t>(producers * each), 0);
  for (const auto& mine : got) {
    std::vector<int> last(static_cast<std::size_t>(producers), -1);
    bool ordered = true;
    for (const int value : mine) {
      ++times.at(static_cast<std::size_t>(value));
      int& before = last[static_cast<std::size_t>(value / each)];
      ordered = ordered && before < value;
      before = value;
    }
    CHECK(ordered);
  }
  CHECK(times == std::vector<int>(times.size(), 1));
  CHECK(queue.drained());
}

}  // namespace

TEST_CASE("bounded_queue: first in, first out, no more than its capacity") {
  for (const auto capacity : std::initializer_list<std::size_t>{1, 2, 3, 7, 64}) {
    bounded_queue<std::string> queue(capacity);
    for (int round = 0; round < 5; ++round) {
      for (std::size_t i = 0; i < capacity; ++i)
        CHECK(queue.try_push(std::to_string(i)) == push_status::done);
      CHECK(queue.size() == capacity);
      std::string kept = "kept";
      CHECK(queue.try_push(std::move(kept)) == push_status::full);
      CHECK(queue.try_push_for(std::move(kept), 1ms) == push_status::timed_out);
      CHECK(kept == "kept");
      for (std::size_t i = 0; i < capacity; ++i) CHECK(queue.try_pop() == std::to_string(i));
      CHECK_FALSE(queue.try_pop());
      CHECK_FALSE(queue.try_pop_for(1ms));
    }
  }
  CHECK_THROWS_AS(bounded_queue<int>(0), invalid_argument);
}

TEST_CASE("bounded_queue: closed, producers are told and consumers drain") {
  bounded_queue<std::unique_ptr<int>> queue(4);
  CHECK(queue.push(std::make_unique<int>(1)) == push_status::done);
  CHECK(queue.push(std::make_unique<int>(2)) == push_status::done);
  queue.close();
  queue.close();
  auto late = std::make_unique<int>(3);
  CHECK(queue.push(std::move(late)) == push_status::closed);
  CHECK(queue.try_push(std::move(late)) == push_status::closed);
  CHECK(queue.try_push_for(std::move(late), 1h) == push_status::closed);
  CHECK(*late == 3);
  CHECK_FALSE(queue.drained());
  CHECK(**queue.pop() == 1);
  CHECK(**queue.pop() == 2);
  CHECK_FALSE(queue.pop());
  CHECK_FALSE(queue.try_pop_for(1h));
  CHECK(queue.drained());
}

TEST_CASE("bounded_queue: what is left dies with it") {
  const auto watched = std::make_shared<int>(1);
  {
    bounded_queue<std::shared_ptr<int>> queue(4);
    queue.push(watched);
    queue.push(watched);
    queue.pop();
    CHECK(watched.use_count() == 2);
  }
  CHECK(watched.use_count() == 1);
}

TEST_CASE("bounded_queue: close and stop wake those who wait, on both sides") {
  for (const bool by_stop : {false, true}) {
    bounded_queue<int> full(1);
    bounded_queue<int> empty(1);
    full.push(0);
    std::stop_source source;
    std::atomic<int> told{0};
    {
      std::vector<std::jthread> waiting;
      for (int t = 0; t < 3; ++t) {
        waiting.emplace_back([&] {
          const push_status status = full.push(1, source.get_token());
          told += status == (by_stop ? push_status::stopped : push_status::closed);
        });
        waiting.emplace_back([&] { told += !empty.pop(source.get_token()).has_value(); });
      }
      std::this_thread::sleep_for(5ms);
      if (by_stop) {
        source.request_stop();
      } else {
        full.close();
        empty.close();
      }
    }
    CHECK(told == 6);
    CHECK(full.pop() == 0);
  }
}

TEST_CASE("bounded_queue: many producers and consumers") {
  const auto same = [](int value) { return value; };
  for (const auto capacity : std::initializer_list<std::size_t>{1, 2, 5, 64})
    for (const int producers : {1, 2, 4})
      for (const int consumers : {1, 3}) exchange<int>(capacity, producers, consumers, 2000, same);
  static_assert(!std::is_nothrow_move_constructible_v<fragile>);
  exchange<fragile>(3, 2, 2, 2000, [](const fragile& value) { return value.value; });
}

TEST_CASE("bounded_queue: a move that throws loses nothing") {
  bounded_queue<fragile> queue(2);
  fragile first(1);
  fragile::moves_left = 0;
  CHECK_THROWS_AS(queue.push(std::move(first)), std::runtime_error);
  CHECK(first.value == 1);
  CHECK(queue.size() == 0);
  fragile::moves_left = -1;
  queue.push(std::move(first));
  fragile::moves_left = 0;
  CHECK_THROWS_AS(queue.pop(), std::runtime_error);
  CHECK_THROWS_AS(queue.try_pop(), std::runtime_error);
  CHECK_THROWS_AS(queue.try_pop_for(1h), std::runtime_error);
  fragile::moves_left = -1;
  CHECK(queue.size() == 1);
  CHECK(queue.pop()->value == 1);
}
