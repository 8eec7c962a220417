#pragma once

#include <cstdint>

#include "polyloop/index.hpp"
#include "support/keep.hpp"

/// What the measured loops compute where only time counts.
namespace polyloop::bench::tables {

/// A chain of `count` multiplications in a register, which no compiler
/// shortens, vectorises or moves out of a loop.
template <int count>
inline void multiply(std::uint64_t& x) {
  if constexpr (count > 1) {
    multiply<count / 2>(x);
    multiply<count - count / 2>(x);
  } else {
    x = x * 6364136223846793005U + 1442695040888963407U;
#if defined(__GNUC__)
    asm volatile("" : "+r"(x));
#else
    keep(x);
#endif
  }
}

/// Pure computing, `units` multiplications. Hazard: in a loop over single ones
/// the CPU guesses its end or does not, by how the code around it lies, and a
/// loop of short iterations takes 1.6 times as long or not. So few branches,
/// and those alike in all iterations of the same cost.
inline void work(index_t units) {
  auto x = static_cast<std::uint64_t>(units);
  if (units & 1) multiply<1>(x);
  if (units & 2) multiply<2>(x);
  if (units & 4) multiply<4>(x);
  if (units & 8) multiply<8>(x);
  if (units & 16) multiply<16>(x);
  if (units & 32) multiply<32>(x);
  for (index_t left = units / 64; left > 0; --left) multiply<64>(x);
}

/// The same for a fixed number: no branch at all.
template <int units>
inline void work_straight(index_t start) {
  auto x = static_cast<std::uint64_t>(start);
  multiply<units>(x);
}

inline void work_share(double mean, double weight) {
  work(static_cast<index_t>(mean * weight));
}

// Uneven loads: n iterations, of which iteration i costs `mean` units times its
// weight; the weights have a mean of about 1.

struct triangular_64 {
  static constexpr index_t n = 64;
  static void at(index_t i, double mean) { work_share(mean, static_cast<double>(2 * i + 1) / n); }
};

struct big_first {
  static constexpr index_t n = 1'000;
  static void at(index_t i, double mean) { work_share(mean, static_cast<double>(2 * (n - i) - 1) / n); }
};

struct triangular_1e5 {
  static constexpr index_t n = 100'000;
  static void at(index_t i, double mean) { work_share(mean, static_cast<double>(2 * i + 1) / n); }
};

/// Steps until a point of the plane is gone; `most` for one that stays.
inline index_t mandelbrot_steps(double real, double imaginary, index_t most) {
  double x = 0;
  double y = 0;
  for (index_t step = 0; step < most; ++step) {
    const double next = x * x - y * y + real;
    y = 2 * x * y + imaginary;
    x = next;
    if (x * x + y * y > 4) return step;
  }
  return most;
}

/// Rows of the set from below it to above its middle: cheap ones first. `mean`
/// is the most steps of a point.
struct mandelbrot_rows {
  static constexpr index_t n = 256;
  static constexpr index_t columns = 256;
  static void at(index_t row, double mean) {
    const double imaginary = -1.4 + 1.6 * static_cast<double>(row) / n;
    const auto most = static_cast<index_t>(mean);
    int inside = 0;
    for (index_t column = 0; column < columns; ++column)
      inside += mandelbrot_steps(-2.0 + 2.6 * static_cast<double>(column) / columns, imaginary, most) == most;
    keep(inside);
  }
};

/// One iteration holds 0.3615 of all work: workers that take the others in
/// order reach it late, and need 1.17 of the ideal for 2 workers at best.
struct spike {
  static constexpr index_t n = 1'000;
  static constexpr index_t where = 700;
  static constexpr double share = 0.3615;
  static void at(index_t i, double mean) {
    work_share(mean, i == where ? share * n : (1 - share) * n / (n - 1));
  }
};

/// Iterations of about 4 ns each, without any branch.
struct tiny {
  static constexpr index_t n = 100'000;
  static void at(index_t i, double) { work_straight<12>(i); }
};

}  // namespace polyloop::bench::tables
