#include "block_kernels.hpp"

namespace polyloop::reductions {

namespace {

/// How many instruction sets of the list below this machine has: each has all before it.
std::size_t usable() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2")) return 1;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  return wide ? 3 : 2;
#else
  return 1;
#endif
}

}  // namespace

std::span<const kernel_set* const> all_kernels() {
#if defined(__x86_64__)
  static constexpr const kernel_set* sets[] = {&baseline_kernels, &avx2_kernels, &avx512_kernels};
#else
  static constexpr const kernel_set* sets[] = {&baseline_kernels};
#endif
  static const std::size_t count = usable();
  return std::span(sets).first(count);
}

const kernel_set& best_kernels() {
  return *all_kernels().back();
}

}  // namespace polyloop::reductions
