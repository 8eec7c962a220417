#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <polyloop/chunk_queue.hpp>
#include <vector>

using namespace polyloop;

namespace {

struct chunk {
  index_t first;
  index_t last;
  bool operator==(const chunk&) const = default;
};

const auto nothing = [](index_t, index_t, int) {};

loop loop_of(index_t begin, index_t end, const schedule& how, int workers) {
  return {begin, end, how, workers, nothing};
}

std::vector<chunk> all_by(chunk_queue& queue, int worker) {
  std::vector<chunk> taken;
  for (chunk each{}; queue.take(worker, each.first, each.last);) taken.push_back(each);
  return taken;
}

}  // namespace

TEST_CASE("chunks: static gives every worker one block, its own first") {
  const loop work = loop_of(10, 20, schedule::static_(), 3);
  chunk_queue queue(work);
  index_t first = 0;
  index_t last = 0;
  REQUIRE(queue.take(1, first, last));
  CHECK(chunk{first, last} == chunk{14, 17});
  REQUIRE(queue.take(2, first, last));
  CHECK(chunk{first, last} == chunk{17, 20});
  CHECK(all_by(queue, 0) == std::vector<chunk>{{10, 14}});
  CHECK_FALSE(queue.take(1, first, last));
}

TEST_CASE("chunks: a worker that does not come has its static blocks run by others") {
  const loop work = loop_of(0, 9, schedule::static_(2), 2);
  chunk_queue queue(work);
  CHECK(all_by(queue, 0) == std::vector<chunk>{{0, 2}, {4, 6}, {8, 9}, {6, 8}, {2, 4}});
}

TEST_CASE("chunks: dynamic hands out blocks in order, guided ever smaller ones") {
  const loop even = loop_of(0, 7, schedule::dynamic(3), 2);
  chunk_queue dynamic(even);
  CHECK(all_by(dynamic, 1) == std::vector<chunk>{{0, 3}, {3, 6}, {6, 7}});
  const loop shrinking = loop_of(0, 1000, schedule::guided(50), 2);
  chunk_queue guided(shrinking);
  const std::vector<chunk> taken = all_by(guided, 0);
  for (std::size_t i = 0; i + 1 < taken.size(); ++i) {
    CHECK(taken[i].last - taken[i].first >= 50);
    CHECK(taken[i].last == taken[i + 1].first);
    CHECK(taken[i].last - taken[i].first >= taken[i + 1].last - taken[i + 1].first);
  }
  CHECK(taken.back().last == 1000);
}

TEST_CASE("chunks: automatic starts from a share per worker and takes from the fullest") {
  const loop work = loop_of(0, 1000, schedule::automatic, 2);
  chunk_queue queue(work);
  index_t first = 0;
  index_t last = 0;
  REQUIRE(queue.take(1, first, last));
  CHECK(first == 500);
  index_t covered = last - first;
  for (const chunk& each : all_by(queue, 0)) covered += each.last - each.first;
  CHECK(covered == 1000);
}

TEST_CASE("chunks: an automatic grain bounds the chunks from below") {
  const loop work = loop_of(0, 1000, schedule::automatic_from(100), 1);
  chunk_queue queue(work);
  for (const chunk& each : all_by(queue, 0)) CHECK(each.last - each.first >= 100);
}

TEST_CASE("chunks: ranges as long as the index type") {
  constexpr index_t most = std::numeric_limits<index_t>::max();
  for (const schedule& how :
       {schedule::automatic, schedule::static_(), schedule::guided(most / 100), schedule::dynamic(most / 3),
        schedule::static_(most / 5), schedule::static_(most)}) {
    for (const index_t begin : {index_t{0}, index_t{12345}}) {
      const loop work = loop_of(begin, most, how, 3);
      chunk_queue queue(work);
      index_t covered = 0;
      for (const chunk& each : all_by(queue, 2)) {
        CHECK(each.first < each.last);
        covered += each.last - each.first;
      }
      CHECK(covered == most - begin);
    }
  }
}

TEST_CASE("chunks: more blocks than a share can count are made longer") {
  constexpr index_t most = std::numeric_limits<index_t>::max();
  const loop work = loop_of(0, most, schedule::static_(1), 2);
  chunk_queue queue(work);
  index_t first = 0;
  index_t last = 0;
  REQUIRE(queue.take(0, first, last));
  CHECK(first == 0);
  CHECK(last > 1);
}

TEST_CASE("chunks: none that begin above the last index that is wanted, all below it") {
  for (const schedule how : {schedule::automatic_from(1), schedule::static_(), schedule::static_(3), schedule::dynamic(2),
                             schedule::guided(2)}) {
    for (const index_t wanted : {-1, 0, 57, 400}) {
      std::atomic<index_t> last_wanted{1000};
      loop work = loop_of(0, 300, how, 3);
      work.last_wanted = &last_wanted;
      chunk_queue queue(work);
      std::vector<int> times(300, 0);
      index_t first = 0;
      index_t last = 0;
      REQUIRE(queue.take(2, first, last));
      last_wanted = wanted;
      bool good = true;
      do {
        for (index_t i = first; i < last; ++i) ++times[static_cast<std::size_t>(i)];
        good = good && (first <= wanted || times[static_cast<std::size_t>(first)] == 1);
      } while ((queue.take(0, first, last) || queue.take(1, first, last) || queue.take(2, first, last)) &&
               (good = good && first <= wanted));
      CHECK(good);
      for (index_t i = 0; i <= std::min<index_t>(wanted, 299); ++i) good = good && times[static_cast<std::size_t>(i)] == 1;
      CHECK(good);
    }
  }
}

TEST_CASE("chunks: very many that are not wanted are dropped together") {
  std::atomic<index_t> last_wanted{-1};
  for (const schedule how : {schedule::static_(1), schedule::dynamic(1), schedule::automatic_from(1)}) {
    loop work = loop_of(0, index_t{1} << 60, how, 4);
    work.last_wanted = &last_wanted;
    chunk_queue queue(work);
    CHECK(all_by(queue, 1).empty());
  }
}
