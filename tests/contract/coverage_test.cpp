// Every index exactly once: all shapes, all schedules, sizes around the limits.
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>

#include "kit.hpp"

using namespace polyloop;
using contract::on_every_schedule;
using contract::on_every_setting;

namespace {

/// Counts visits of every index.
class visits {
 public:
  explicit visits(index_t n)
      : size_(n), count_(new std::atomic<unsigned char>[static_cast<std::size_t>(n + 1)]()) {}
  void operator()(index_t i) const {
    if (i < 0 || i >= size_)
      ++count_[static_cast<std::size_t>(size_)];
    else
      count_[static_cast<std::size_t>(i)].fetch_add(1, std::memory_order_relaxed);
  }
  bool all_once() const {
    for (index_t i = 0; i < size_; ++i)
      if (count_[static_cast<std::size_t>(i)] != 1) return false;
    return count_[static_cast<std::size_t>(size_)] == 0;
  }

 private:
  index_t size_;
  std::unique_ptr<std::atomic<unsigned char>[]> count_;
};

constexpr index_t sizes[] = {0, 1, 2, 3, 7, 8, 9, 63, 1000, 20011};

}  // namespace

TEST_CASE("coverage: count") {
  on_every_schedule([](const schedule& how) {
    for (const index_t n : sizes) {
      visits seen(n);
      const loop_result result = parallel_for(n, seen, {.schedule = how});
      CHECK(seen.all_once());
      CHECK(result.finished());
      CHECK(result.iterations == n);
    }
  });
}

TEST_CASE("coverage: a loop that is called again and again, small and large in turn") {
  on_every_setting([](int) {
    for (int round = 0; round < 300; ++round) {
      const index_t n = round % 7 == 0 ? 30011 : round;
      visits seen(n);
      parallel_for(n, [&](index_t i) { seen(i); });
      REQUIRE(seen.all_once());
    }
  });
}

TEST_CASE("coverage: range with a step") {
  on_every_schedule([](const schedule& how) {
    for (const index_t step : {1, 2, 3, 1000, 100000}) {
      visits seen(20011);
      for (index_t i = 0; i < 20011; ++i)
        if (i % step != 0) seen(i);
      parallel_for(range<index_t>{-5, 20006, step}, [&](index_t i) { seen(i + 5); }, {.schedule = how});
      CHECK(seen.all_once());
    }
  });
}

TEST_CASE("coverage: grids, by cell and by tile") {
  on_every_schedule([](const schedule& how) {
    for (const grid2 over : {grid2{0, 5}, grid2{5, 0}, grid2{1, 777}, grid2{777, 1}, grid2{31, 67}}) {
      visits cells(over.rows * over.columns);
      parallel_for(over, [&](index_t r, index_t c) { cells(r * over.columns + c); }, {.schedule = how});
      CHECK(cells.all_once());
      visits tiled(over.rows * over.columns);
      const auto each_tile = [&](const tile2& tile) {
        for (index_t r = tile.rows.begin; r < tile.rows.end; ++r)
          for (index_t c = tile.columns.begin; c < tile.columns.end; ++c) tiled(r * over.columns + c);
      };
      parallel_for_tiles(over, {.rows = 4, .columns = 16}, each_tile, {.schedule = how});
      CHECK(tiled.all_once());
    }
    const grid3 box{5, 7, 11};
    visits cells(5 * 7 * 11);
    parallel_for(box, [&](index_t p, index_t r, index_t c) { cells((p * 7 + r) * 11 + c); },
                 {.schedule = how});
    CHECK(cells.all_once());
    visits tiled(5 * 7 * 11);
    const auto each_tile = [&](const tile3& tile) {
      for (index_t p = tile.planes.begin; p < tile.planes.end; ++p)
        for (index_t r = tile.rows.begin; r < tile.rows.end; ++r)
          for (index_t c = tile.columns.begin; c < tile.columns.end; ++c) tiled((p * 7 + r) * 11 + c);
    };
    parallel_for_tiles(box, {.planes = 2, .rows = 3, .columns = 100}, each_tile, {.schedule = how});
    CHECK(tiled.all_once());
  });
}

TEST_CASE("coverage: ends of the index types") {
  on_every_setting([](int) {
    visits bytes(256);
    parallel_for(range<std::int8_t>{-128, 127}, [&](std::int8_t i) { bytes(i + 128); });
    bytes(255);
    CHECK(bytes.all_once());

    constexpr std::int64_t high = std::numeric_limits<std::int64_t>::max();
    visits top(4);
    parallel_for(range<std::int64_t>{high - 10, high, 3},
                 [&](std::int64_t i) { top((i - (high - 10)) / 3); });
    CHECK(top.all_once());

    constexpr std::int64_t low = std::numeric_limits<std::int64_t>::min();
    visits across(3);
    parallel_for(range<std::int64_t>{low, high, high}, [&](std::int64_t i) {
      across(i == low ? 0 : i == -1 ? 1 : 2);
    });
    CHECK(across.all_once());

    constexpr std::uint64_t highest = std::numeric_limits<std::uint64_t>::max();
    visits wide(2);
    parallel_for(range<std::uint64_t>{highest - 2, highest},
                 [&](std::uint64_t i) { wide(static_cast<index_t>(i - (highest - 2))); });
    CHECK(wide.all_once());
  });
}

TEST_CASE("coverage: more than 2^31 iterations") {
  // Chunks are counted, not iterations: the body below would take seconds under a sanitizer.
  constexpr index_t n = (index_t{1} << 31) + 12345;
  for (backend* each : contract::backends_under_test()) {
    INFO("backend ", std::string(each->name()));
    for (const schedule& how :
         {schedule::automatic, schedule::static_(), schedule::dynamic(1 << 28), schedule::guided(1 << 20)}) {
      std::atomic<index_t> covered{0};
      std::atomic<bool> in_bounds{true};
      const auto chunk = [&](index_t first, index_t last, int) {
        covered += last - first;
        if (first < 5 || last > n + 5 || first >= last) in_bounds = false;
      };
      run_on(*each, {5, n + 5, how, 2, chunk});
      CHECK(covered == n);
      CHECK(in_bounds);
    }
  }
}

TEST_CASE("coverage: more than 2^31 iterations, through the API") {
  constexpr index_t n = (index_t{1} << 31) + 7;
  for (backend* each : contract::backends_under_test()) {
    const scoped_context scope{.backend = *each, .workers = 2, .oversubscribe = true};
    const index_t last = n - 1;
    std::atomic<int> found{0};
    const loop_result result = parallel_for(range<index_t>{0, n, 1 << 10},
                                            [&](index_t i) { found += i == (last / (1 << 10)) * (1 << 10); });
    CHECK(found == 1);
    CHECK(result.iterations == n / (1 << 10) + 1);
  }
}

TEST_CASE("coverage: worker numbers are below the limit and not shared at one time") {
  for (backend* each : contract::backends_under_test()) {
    for (const schedule& how : contract::all_schedules()) {
      std::array<std::atomic<int>, 8> busy{};
      std::atomic<bool> good{true};
      const auto chunk = [&](index_t, index_t, int worker) {
        if (worker < 0 || worker >= 8)
          good = false;
        else if (busy[static_cast<std::size_t>(worker)]++ != 0)
          good = false;
        contract::burn(50);
        if (worker >= 0 && worker < 8) --busy[static_cast<std::size_t>(worker)];
      };
      run_on(*each, {0, 2000, how, 8, chunk});
      CHECK(good);
    }
  }
}
