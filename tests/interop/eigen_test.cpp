// Eigen's tensors on every backend: the same values as Eigen alone, and no task is lost.
#include <polyloop/eigen_thread_pool.hpp>

#define EIGEN_USE_THREADS
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <functional>
#include <polyloop/polyloop.hpp>
#include <thread>
#include <unsupported/Eigen/CXX11/Tensor>
#include <vector>

using namespace polyloop;

namespace {

using matrix = Eigen::Tensor<double, 2>;

template <class Run>
void on_every_setting(const Run& run) {
  for (backend* each : compiled_backends())
    for (const int workers : {1, 2, 4, 8}) {
      INFO("backend ", std::string(each->name()), ", workers ", workers);
      const scoped_context scope{.backend = *each, .workers = workers, .oversubscribe = true};
      run();
    }
}

matrix values(Eigen::Index rows, Eigen::Index columns) {
  matrix result(rows, columns);
  for (Eigen::Index i = 0; i < result.size(); ++i) result.data()[i] = std::sin(static_cast<double>(i) * 0.7);
  return result;
}

const Eigen::array<Eigen::IndexPair<Eigen::Index>, 1> inner_sides{Eigen::IndexPair<Eigen::Index>(1, 0)};

bool same_bits(const matrix& a, const matrix& b) {
  return a.size() == b.size() && std::equal(a.data(), a.data() + a.size(), b.data());
}

double farthest(const matrix& a, const matrix& b) {
  double most = 0;
  for (Eigen::Index i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a.data()[i] - b.data()[i]));
  return most;
}

void wait_until(const std::atomic<int>& count, int value) {
  while (count.load() != value) std::this_thread::yield();
}

}  // namespace

TEST_CASE("eigen: element-wise expressions have the bits of the serial device") {
  const matrix a = values(301, 257);
  const matrix b = values(301, 257);
  matrix expected(301, 257);
  expected = (a * b + a.exp()).sqrt() * 3.0;
  on_every_setting([&] {
    eigen_thread_pool pool;
    const Eigen::ThreadPoolDevice device(&pool, pool.NumThreads());
    matrix result(301, 257);
    for (int round = 0; round < 3; ++round) {
      result.setZero();
      result.device(device) = (a * b + a.exp()).sqrt() * 3.0;
      bool same = true;  // as bytes: some roots are not numbers
      for (Eigen::Index i = 0; i < result.size(); ++i)
        same = same && std::memcmp(result.data() + i, expected.data() + i, sizeof(double)) == 0;
      CHECK(same);
    }
  });
}

TEST_CASE("eigen: contractions of many shapes") {
  struct shape {
    Eigen::Index rows, inner, columns;
  };
  for (const shape& each : {shape{1, 1, 1}, shape{3, 1000, 2}, shape{200, 300, 250}, shape{7, 4000, 5},
                            shape{600, 40, 3}, shape{2, 50, 700}}) {
    const matrix a = values(each.rows, each.inner);
    const matrix b = values(each.inner, each.columns);
    matrix expected(each.rows, each.columns);
    expected = a.contract(b, inner_sides);
    on_every_setting([&] {
      eigen_thread_pool pool;
      const Eigen::ThreadPoolDevice device(&pool, pool.NumThreads());
      matrix result(each.rows, each.columns);
      result.device(device) = a.contract(b, inner_sides);
      CHECK(farthest(result, expected) < 1e-9);
    });
  }
}

TEST_CASE("eigen: reductions, and an expression that is evaluated asynchronously") {
  const matrix a = values(400, 500);
  Eigen::Tensor<double, 0> expected;
  expected = a.sum();
  on_every_setting([&] {
    eigen_thread_pool pool;
    const Eigen::ThreadPoolDevice device(&pool, pool.NumThreads());
    Eigen::Tensor<double, 0> total;
    total.device(device) = a.sum();
    CHECK(total() == doctest::Approx(expected()));
    std::atomic<int> done{0};
    matrix result(400, 500);
    result.device(device, [&done] { ++done; }) = a + a;
    wait_until(done, 1);
    CHECK(result(7, 9) == 2 * a(7, 9));
  });
}

#ifndef POLYLOOP_TSAN  // which does not know the fences of Eigen's pool
TEST_CASE("eigen: as Eigen's own pool") {
  const matrix a = values(150, 220);
  const matrix b = values(220, 130);
  Eigen::ThreadPool own(2);
  const Eigen::ThreadPoolDevice on_own(&own, 2);
  matrix expected(150, 130);
  expected.device(on_own) = a.contract(b, inner_sides);
  on_every_setting([&] {
    eigen_thread_pool pool;
    const Eigen::ThreadPoolDevice device(&pool, pool.NumThreads());
    matrix result(150, 130);
    result.device(device) = a.contract(b, inner_sides);
    CHECK(farthest(result, expected) < 1e-9);
  });
}
#endif

TEST_CASE("eigen: inside loop bodies, and for several callers at once") {
  const matrix a = values(120, 130);
  matrix expected(120, 130);
  expected = a * 2.0 + a;
  on_every_setting([&] {
    eigen_thread_pool pool;
    const Eigen::ThreadPoolDevice device(&pool, pool.NumThreads());
    std::atomic<int> wrong{0};
    const auto evaluate = [&](int) {
      matrix result(120, 130);
      result.device(device) = a * 2.0 + a;
      wrong += !same_bits(result, expected);
    };
    parallel_for(20, evaluate, {.schedule = schedule::dynamic()});
    std::vector<std::jthread> callers;
    for (int i = 0; i < 3; ++i)
      callers.emplace_back([&] {
        for (int k = 0; k < 10; ++k) evaluate(k);
      });
    callers.clear();
    CHECK(wrong == 0);
  });
}

TEST_CASE("eigen: tasks that loop themselves") {
  on_every_setting([] {
    std::atomic<int> sum_of_all{0};
    {
      eigen_thread_pool pool;
      for (int t = 0; t < 20; ++t)
        pool.Schedule(
            [&] { parallel_for(100, [&](int i) { sum_of_all += i; }, {.schedule = schedule::dynamic()}); });
    }
    CHECK(sum_of_all == 20 * 4950);
  });
}

TEST_CASE("eigen: tasks that schedule tasks all run, with a number of their own") {
  on_every_setting([] {
    std::atomic<int> count{0};
    std::atomic<int> wrong{0};
    {
      eigen_thread_pool pool;
      CHECK(pool.CurrentThreadId() == -1);
      std::vector<std::atomic<int>> busy(static_cast<std::size_t>(pool.NumThreads()));
      std::function<void(int)> split = [&](int depth) {
        const int id = pool.CurrentThreadId();
        const bool in_range = id >= 0 && id < pool.NumThreads();
        wrong += !in_range;
        if (in_range) wrong += busy[static_cast<std::size_t>(id)]++ != 0;
        if (depth > 0)
          for (int child = 0; child < 2; ++child)
            pool.ScheduleWithHint([&split, depth] { split(depth - 1); }, 0, pool.NumThreads());
        if (in_range) --busy[static_cast<std::size_t>(id)];
        ++count;
      };
      pool.Schedule([&] { split(9); });
      wait_until(count, 1023);
      CHECK(pool.CurrentThreadId() == -1);
    }
    CHECK(count == 1023);
    CHECK(wrong == 0);
  });
}

TEST_CASE("eigen: the end waits for tasks; cancelled ones never run") {
  on_every_setting([] {
    std::atomic<int> count{0};
    {
      eigen_thread_pool pool;
      for (int i = 0; i < 100; ++i) pool.Schedule([&] { ++count; });
    }
    CHECK(count == 100);
    std::atomic<int> after{0};
    {
      eigen_thread_pool pool;
      pool.Cancel();
      pool.Schedule([&] { ++after; });
    }
    CHECK(after == 0);
  });
}

TEST_CASE("eigen: cancelling keeps what runs and drops what waits") {
  const scoped_context scope{.workers = 1};
  std::atomic<int> begun{0};
  std::atomic<bool> may_end{false};
  std::atomic<int> dropped{0};
  {
    eigen_thread_pool pool;
    REQUIRE(pool.NumThreads() == 1);
    pool.Schedule([&] {
      ++begun;
      while (!may_end) std::this_thread::yield();
      ++begun;
    });
    wait_until(begun, 1);
    pool.Schedule([&] { ++dropped; });
    pool.Cancel();
    may_end = true;
  }
  CHECK(begun == 2);
  CHECK(dropped == 0);
}

TEST_CASE("eigen: tasks really run at the same time") {
  for (backend* each : compiled_backends()) {
    if (each->most_workers() < 2) continue;
    const scoped_context scope{.backend = *each, .workers = 2, .oversubscribe = true};
    eigen_thread_pool pool;
    // Each waits for the other, which Eigen's tasks do not: two members have to be there.
    for (int round = 0; round < 20; ++round) {
      std::atomic<int> met{0};
      std::atomic<int> gone{0};
      for (int task = 0; task < 2; ++task)
        pool.Schedule([&] {
          ++met;
          wait_until(met, 2);
          ++gone;
        });
      wait_until(gone, 2);
    }
  }
}
