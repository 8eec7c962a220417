#pragma once

#include <cstdint>
#include <span>

namespace polyloop::bench::vocabulary {

/// An inclusive sum by another library.
struct peer_scan {
  const char* name;
  void (*integers)(const std::int64_t* in, std::int64_t* out, std::int64_t n);
  void (*doubles)(const double* in, double* out, std::int64_t n);
};

std::span<const peer_scan> tbb_scans();
std::span<const peer_scan> openmp_scans();

}  // namespace polyloop::bench::vocabulary
