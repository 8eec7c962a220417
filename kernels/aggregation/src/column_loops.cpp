#include "column_loops.hpp"

namespace polyloop::aggregation {

namespace baseline {
namespace {
#include "column_loops.inc"
}  // namespace
}  // namespace baseline

}  // namespace polyloop::aggregation

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

namespace polyloop::aggregation {

namespace avx2 {
namespace {
#include "column_loops.inc"
}  // namespace
}  // namespace avx2

}  // namespace polyloop::aggregation

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

namespace polyloop::aggregation {

const column_loops& best_column_loops() {
#if defined(__x86_64__)
  static const bool wide = [] {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") != 0;
  }();
  if (wide) return avx2::all;
#endif
  return baseline::all;
}

}  // namespace polyloop::aggregation
