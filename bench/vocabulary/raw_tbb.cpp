#include <tbb/blocked_range.h>
#include <tbb/parallel_scan.h>

#include <execution>
#include <functional>
#include <numeric>

#include "vocabulary/raw_scan.hpp"

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

}  // namespace

std::span<const peer_scan> tbb_scans() {
  static constexpr peer_scan all[] = {
      {"tbb::parallel_scan", tbb_scan<std::int64_t>, tbb_scan<double>},
      {"std::inclusive_scan(par)", standard_scan<std::int64_t>, standard_scan<double>},
  };
  return all;
}

}  // namespace polyloop::bench::vocabulary
