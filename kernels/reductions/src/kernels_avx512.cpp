#include <utility>

#include "block_kernels.hpp"

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512bw")
#endif

namespace polyloop::reductions {

namespace avx512 {
namespace {
constexpr std::size_t register_bytes = 64;
#include "lanes.inc"
}  // namespace
}  // namespace avx512

const kernel_set avx512_kernels = avx512::all;

}  // namespace polyloop::reductions

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
