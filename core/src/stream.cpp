#include "stream.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <thread>

#ifdef __linux__
#include <unistd.h>
#endif

#if defined(__x86_64__)
#include <immintrin.h>

namespace polyloop::detail::sse2 {
namespace {
using pack = __m128i;
inline pack load(const std::byte* from) {
  return _mm_loadu_si128(reinterpret_cast<const pack*>(from));
}
inline void store(std::byte* to, const pack& value) {
  _mm_stream_si128(reinterpret_cast<pack*>(to), value);
}
#include "stream_lines.inc"
}  // namespace
}  // namespace polyloop::detail::sse2

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f")
#endif
namespace polyloop::detail::avx512 {
namespace {
using pack = __m512i;
inline pack load(const std::byte* from) {
  return _mm512_loadu_si512(from);
}
inline void store(std::byte* to, const pack& value) {
  _mm512_stream_si512(reinterpret_cast<pack*>(to), value);
}
#include "stream_lines.inc"
}  // namespace
}  // namespace polyloop::detail::avx512
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

namespace polyloop::detail {

#if defined(__x86_64__)

std::span<const stream_function> stream_functions() noexcept {
  static constexpr stream_function all[] = {&sse2::stream, &avx512::stream};
  static const bool wide = [] {
    __builtin_cpu_init();  // static objects may copy before the compiler's own constructor has run
    return __builtin_cpu_supports("avx512f") != 0;
  }();
  return std::span(all).first(wide ? 2 : 1);
}

void finish_stream() noexcept {
  _mm_sfence();
}

#else

std::span<const stream_function> stream_functions() noexcept {
  static constexpr stream_function all[] = {
      [](std::byte* to, const std::byte* from, std::size_t bytes) { std::memcpy(to, from, bytes); }};
  return all;
}

void finish_stream() noexcept {}

#endif

namespace {

std::size_t last_level_cache() {
#ifdef _SC_LEVEL3_CACHE_SIZE
  const long told = sysconf(_SC_LEVEL3_CACHE_SIZE);
  if (told > 0) return static_cast<std::size_t>(told);
#endif
  std::string text;
  std::getline(std::ifstream("/sys/devices/system/cpu/cpu0/cache/index3/size"), text);
  return cache_size_of(text);
}

}  // namespace

std::size_t cache_size_of(const std::string& text) noexcept {
  std::size_t size = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, failure] = std::from_chars(text.data(), end, size);
  if (failure != std::errc()) return 0;
  const int shift = unit == end ? 0 : *unit == 'K' ? 10 : *unit == 'M' ? 20 : 0;
  return size << shift;
}

// A virtual machine tells the cache of the whole processor, which it shares with
// others: at most 4 MiB of it for each CPU are believed. Measured on two CPUs
// that are told 260 MiB (two Emerald Rapids cores with 2 MiB each of their own):
// to copy, to copy what was just written and to read what was just copied is all
// faster with streaming from 8 MiB on, and reading it slower at 4 MiB.
std::size_t stream_threshold(std::size_t cache, std::size_t cpus) noexcept {
  constexpr std::size_t usual_cache = std::size_t{32} << 20;
  constexpr std::size_t share = std::size_t{4} << 20;
  return std::min(cache == 0 ? usual_cache : cache, share * std::max<std::size_t>(cpus, 1));
}

std::size_t stream_threshold() {
#if defined(__x86_64__)
  static const std::size_t bytes = stream_threshold(last_level_cache(), std::thread::hardware_concurrency());
  return bytes;
#else
  return std::numeric_limits<std::size_t>::max();
#endif
}

}  // namespace polyloop::detail
