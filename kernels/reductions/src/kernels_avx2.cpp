#include <utility>

#include "block_kernels.hpp"

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

namespace polyloop::reductions {

namespace avx2 {
namespace {
constexpr std::size_t register_bytes = 32;
#include "lanes.inc"
}  // namespace
}  // namespace avx2

const kernel_set avx2_kernels = avx2::all;

}  // namespace polyloop::reductions

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
