#include <omp.h>

#include <parallel/numeric>

#include "vocabulary/raw_scan.hpp"

namespace polyloop::bench::vocabulary {

namespace {

template <class T>
void gnu_scan(const T* in, T* out, std::int64_t n) {
  __gnu_parallel::partial_sum(in, in + n, out);
}

}  // namespace

std::span<const peer_scan> openmp_scans() {
  static constexpr peer_scan all[] = {{"__gnu_parallel::partial_sum", gnu_scan<std::int64_t>, gnu_scan<double>}};
  return all;
}

}  // namespace polyloop::bench::vocabulary
