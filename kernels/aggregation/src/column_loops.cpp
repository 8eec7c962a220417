#include "column_loops.hpp"

#include <bit>
#include <cstring>

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

void load_validity(const typed_column& from, index_t first, std::size_t n, std::uint8_t* valid) {
  const std::uint8_t* const bits = from.layout().validity;
  index_t at = from.layout().first + first;
  std::size_t i = 0;
  for (; i < n && at % 8 != 0; ++i, ++at) valid[i] = detail::bit_at(bits, at) ? 1 : 0;
  for (; i + 8 <= n; i += 8, at += 8) {
    // Byte k of the product keeps bit k; the addition carries it to the byte's highest bit.
    std::uint64_t spread = bits[at / 8] * 0x0101010101010101U & 0x8040201008040201U;
    spread = (spread + 0x7f7f7f7f7f7f7f7fU) >> 7 & 0x0101010101010101U;
    if constexpr (std::endian::native == std::endian::big) {
      for (std::size_t k = 0; k < 8; ++k) valid[i + k] = static_cast<std::uint8_t>(spread >> 8 * k);
    } else {
      std::memcpy(valid + i, &spread, sizeof spread);
    }
  }
  for (; i < n; ++i, ++at) valid[i] = detail::bit_at(bits, at) ? 1 : 0;
}

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
