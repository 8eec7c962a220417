#include "polyloop/detail/scan_lanes.hpp"

#include <utility>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#include <immintrin.h>

#include "polyloop/detail/around_cache.hpp"

// Each function names its target, since templates and what is inlined into them would not take it from a pragma.
#define POLYLOOP_AVX2 __attribute__((target("avx2")))

namespace polyloop::detail {

namespace {

using pack = __m256d;  // a number of each lane, or four of one

struct integers {
  using number = std::uint64_t;
  POLYLOOP_AVX2 static pack add(pack a, pack b) {
    return _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(a), _mm256_castpd_si256(b)));
  }
};

struct doubles {
  using number = double;
  POLYLOOP_AVX2 static pack add(pack a, pack b) { return _mm256_add_pd(a, b); }
};

/// Four numbers of each lane: before transpose() a pack is of one lane, then of all.
struct square {
  pack a, b, c, d;
};

POLYLOOP_AVX2 inline square load(const double* in, index_t length) {
  return {_mm256_loadu_pd(in), _mm256_loadu_pd(in + length), _mm256_loadu_pd(in + 2 * length),
          _mm256_loadu_pd(in + 3 * length)};
}

POLYLOOP_AVX2 inline square transpose(const square& s) {
  const pack low = _mm256_unpacklo_pd(s.a, s.b);
  const pack high = _mm256_unpackhi_pd(s.a, s.b);
  const pack low_too = _mm256_unpacklo_pd(s.c, s.d);
  const pack high_too = _mm256_unpackhi_pd(s.c, s.d);
  return {_mm256_permute2f128_pd(low, low_too, 0x20), _mm256_permute2f128_pd(high, high_too, 0x20),
          _mm256_permute2f128_pd(low, low_too, 0x31), _mm256_permute2f128_pd(high, high_too, 0x31)};
}

template <bool stream>
POLYLOOP_AVX2 inline void store(double* out, pack first, pack second) {
  if constexpr (stream) {
    _mm256_stream_pd(out, first);
    _mm256_stream_pd(out + 4, second);
  } else {
    _mm256_storeu_pd(out, first);
    _mm256_storeu_pd(out + 4, second);
  }
}

/// One number of each lane: gives what is to be stored.
template <class Number, bool inclusive>
POLYLOOP_AVX2 inline pack step(pack& running, pack values) {
  const pack before = running;
  running = Number::add(running, values);
  return inclusive ? running : before;
}

template <class Number, bool inclusive>
POLYLOOP_AVX2 inline square scanned(pack& running, const square& lanes) {
  const square s = transpose(lanes);
  const pack a = step<Number, inclusive>(running, s.a);
  const pack b = step<Number, inclusive>(running, s.b);
  const pack c = step<Number, inclusive>(running, s.c);
  const pack d = step<Number, inclusive>(running, s.d);
  return transpose({a, b, c, d});
}

/// A cache line of each lane.
template <class Number, bool inclusive, bool stream>
POLYLOOP_AVX2 inline void scan_line(const double* in, double* out, index_t length, pack& running) {
  const square s = scanned<Number, inclusive>(running, load(in, length));
  const square t = scanned<Number, inclusive>(running, load(in + 4, length));
  store<stream>(out, s.a, t.a);
  store<stream>(out + length, s.b, t.b);
  store<stream>(out + 2 * length, s.c, t.c);
  store<stream>(out + 3 * length, s.d, t.d);
}

/// The elements [first, last) of each lane, one by one.
template <class Number, bool inclusive>
void scan_few(const typename Number::number* in, typename Number::number* out, index_t length, index_t first,
              index_t last, typename Number::number* running) {
  for (index_t k = 0; k < 4; ++k)
    for (index_t i = k * length + first; i < k * length + last; ++i) {
      const auto before = std::exchange(running[k], running[k] + in[i]);
      out[i] = inclusive ? running[k] : before;
    }
}

template <class Number, bool inclusive, bool stream>
POLYLOOP_AVX2 index_t scan_lines(const double* in, double* out, index_t length, index_t first, double* running) {
  pack all = _mm256_loadu_pd(running);
  index_t i = first;
  for (; i + 8 <= length; i += 8) scan_line<Number, inclusive, stream>(in + i, out + i, length, all);
  _mm256_storeu_pd(running, all);
  return i;
}

template <class Number, bool inclusive>
POLYLOOP_AVX2 void scan(const void* in, void* out, index_t length, void* running, bool around_cache) {
  using number = typename Number::number;
  const auto* const from = static_cast<const number*>(in);
  auto* const to = static_cast<number*>(out);
  auto* const each = static_cast<number*>(running);
  const bool stream = around_cache && length % 8 == 0;
  const index_t before_line =
      stream ? static_cast<index_t>(-(reinterpret_cast<std::uintptr_t>(out) / sizeof(number)) % 8) : 0;
  scan_few<Number, inclusive>(from, to, length, 0, before_line, each);
  const auto lines = stream ? scan_lines<Number, inclusive, true> : scan_lines<Number, inclusive, false>;
  const index_t end = lines(static_cast<const double*>(in), static_cast<double*>(out), length, before_line,
                            static_cast<double*>(running));
  scan_few<Number, inclusive>(from, to, length, end, length, each);
  if (stream) finish_copy_around_cache();
}

template <class Number>
POLYLOOP_AVX2 void fold(const void* in, index_t length, void* running) {
  using number = typename Number::number;
  const auto* const from = static_cast<const number*>(in);
  const auto* const packs = static_cast<const double*>(in);
  auto* const totals = static_cast<number*>(running);
  index_t i = 1;
  for (index_t k = 0; k < 4; ++k) totals[k] = from[k * length];  // not 0 + it: that would change -0.0
  pack all = _mm256_loadu_pd(static_cast<const double*>(running));
  for (; i + 4 <= length; i += 4) {
    const square s = transpose(load(packs + i, length));
    all = Number::add(Number::add(Number::add(Number::add(all, s.a), s.b), s.c), s.d);
  }
  _mm256_storeu_pd(static_cast<double*>(running), all);
  for (index_t k = 0; k < 4; ++k)
    for (index_t j = k * length + i; j < (k + 1) * length; ++j) totals[k] += from[j];
}

template <class Number>
const lane_kernels* kernels() noexcept {
  static constexpr lane_kernels mine{&fold<Number>, &scan<Number, true>, &scan<Number, false>};
  static const bool here = [] {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") != 0;
  }();
  return here ? &mine : nullptr;
}

}  // namespace

const lane_kernels* integer_lanes() noexcept {
  return kernels<integers>();
}

const lane_kernels* double_lanes() noexcept {
  return kernels<doubles>();
}

}  // namespace polyloop::detail

#else

namespace polyloop::detail {

const lane_kernels* integer_lanes() noexcept {
  return nullptr;
}

const lane_kernels* double_lanes() noexcept {
  return nullptr;
}

}  // namespace polyloop::detail

#endif
