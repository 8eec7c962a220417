#include <tbb/blocked_range.h>
#include <tbb/concurrent_queue.h>
#include <tbb/parallel_scan.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <execution>
#include <functional>
#include <numeric>

#include "vocabulary/exchange.hpp"
#include "vocabulary/raw_scan.hpp"
#include "vocabulary/raw_tasks.hpp"

namespace polyloop::bench::vocabulary {

namespace {

template <class T>
void tbb_scan(const T* in, T* out, std::int64_t n) {
  tbb::parallel_scan(
      tbb::blocked_range<std::int64_t>(0, n), T(0),
      [in, out](const tbb::blocked_range<std::int64_t>& part, T total, bool is_final) {
        if (is_final)
          for (std::int64_t i = part.begin(), end = part.end(); i < end; ++i) out[i] = total += in[i];
        else
          for (std::int64_t i = part.begin(), end = part.end(); i < end; ++i) total += in[i];
        return total;
      },
      std::plus<>());
}

template <class T>
void standard_scan(const T* in, T* out, std::int64_t n) {
  std::inclusive_scan(std::execution::par, in, in + n, out);
}

std::int64_t fib(int n) {
  if (n < fib_cut_off) return plain_fib(n);
  std::int64_t one_less = 0;
  tbb::task_group tasks;
  tasks.run([&one_less, n] { one_less = fib(n - 1); });
  const std::int64_t two_less = fib(n - 2);
  tasks.wait();
  return one_less + two_less;
}

}  // namespace

std::int64_t tbb_fib(int n, int threads) {
  tbb::task_arena arena(threads);
  return arena.execute([n] { return fib(n); });
}

std::span<const peer_scan> tbb_scans() {
  static constexpr peer_scan all[] = {
      {"tbb::parallel_scan", tbb_scan<std::int64_t>, tbb_scan<double>},
      {"std::inclusive_scan(par)", standard_scan<std::int64_t>, standard_scan<double>},
  };
  return all;
}

std::int64_t tbb_exchange() {
  tbb::concurrent_bounded_queue<std::int64_t> queue;
  queue.set_capacity(queue_capacity);
  return exchange([&](std::int64_t value) { queue.push(value); },
                  [&] {
                    std::int64_t total = 0;
                    for (std::int64_t value = 0; queue.pop(value), value != 0;) total += value;
                    return total;
                  },
                  [&] {
                    for (int c = 0; c < queue_sides; ++c) queue.push(0);  // for each consumer, the end
                  });
}

}  // namespace polyloop::bench::vocabulary
