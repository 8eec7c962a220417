#include <omp.h>

#include <parallel/numeric>

#include "vocabulary/raw_scan.hpp"
#include "vocabulary/raw_tasks.hpp"

namespace polyloop::bench::vocabulary {

namespace {

template <class T>
void gnu_scan(const T* in, T* out, std::int64_t n) {
  __gnu_parallel::partial_sum(in, in + n, out);
}

std::int64_t fib(int n) {
  if (n < fib_cut_off) return plain_fib(n);
  std::int64_t one_less = 0;
#pragma omp task shared(one_less) firstprivate(n)
  one_less = fib(n - 1);
  const std::int64_t two_less = fib(n - 2);
#pragma omp taskwait
  return one_less + two_less;
}

}  // namespace

std::int64_t openmp_fib(int n, int threads) {
  std::int64_t result = 0;
#pragma omp parallel num_threads(threads)
#pragma omp single
  result = fib(n);
  return result;
}

std::span<const peer_scan> openmp_scans() {
  static constexpr peer_scan all[] = {{"__gnu_parallel::partial_sum", gnu_scan<std::int64_t>, gnu_scan<double>}};
  return all;
}

}  // namespace polyloop::bench::vocabulary
