#pragma once

#include <cstdint>

namespace polyloop::bench::vocabulary {

/// The n-th Fibonacci number by the definition: what the tasks of fib() end with.
inline std::int64_t plain_fib(int n) {
  return n < 2 ? n : plain_fib(n - 1) + plain_fib(n - 2);
}
inline constexpr int fib_cut_off = 12;

/// The same by tasks of a runtime: one for fib(n - 1), while the caller does fib(n - 2). So many threads.
std::int64_t tbb_fib(int n, int threads);
std::int64_t openmp_fib(int n, int threads);

}  // namespace polyloop::bench::vocabulary
