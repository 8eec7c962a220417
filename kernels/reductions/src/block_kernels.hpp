#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "polyloop/index.hpp"

/// The inner loops of the reductions, compiled for several instruction sets and
/// chosen at run time. A memory-bound sum gains too: measured on an Emerald
/// Rapids core, reading 800 MB with registers of 16 bytes 8.8 GB/s, of 64 bytes
/// 12 GB/s, because more cache lines are in flight. The operations and their
/// order are the same for all of them, and so are the bits.
namespace polyloop::reductions {

/// What T is accumulated in inside a block, and what blocks are added in.
/// Integers in uint64, whose overflow is defined: modulo 2^64.
template <class T>
using lane_of = std::conditional_t<std::floating_point<T>, T, std::uint64_t>;
template <class T>
using total_of = std::conditional_t<std::floating_point<T>, double, std::uint64_t>;

/// The extreme value of a block, NaNs passed over, and the sum of its elements,
/// which is a NaN whenever one of them is (and also where infinities meet).
template <class T>
struct bounds {
  T value;
  T probe;
};

/// The inner loops for elements of type T.
template <class T>
struct block_kernels {
  total_of<T> (*sum)(const T* x, std::size_t n);
  total_of<T> (*dot)(const T* x, const T* y, std::size_t n);
  bounds<T> (*least)(const T* x, std::size_t n, T identity);
  bounds<T> (*greatest)(const T* x, std::size_t n, T identity);
  double (*sum_in_double)(const T* x, std::size_t n);
  double (*squared_distances)(const T* x, std::size_t n, double from);
};

/// All inner loops of one instruction set.
struct kernel_set {
  block_kernels<float> for_float;
  block_kernels<double> for_double;
  block_kernels<std::int32_t> for_int32;
  block_kernels<std::int64_t> for_int64;
};

/// Those of the best instruction set that this machine has.
const kernel_set& best_kernels();

/// Those of each instruction set that this machine has, for comparisons.
std::span<const kernel_set* const> all_kernels();

template <class T>
const block_kernels<T>& kernels() {
  const kernel_set& best = best_kernels();
  if constexpr (std::same_as<T, float>)
    return best.for_float;
  else if constexpr (std::same_as<T, double>)
    return best.for_double;
  else if constexpr (std::same_as<T, std::int32_t>)
    return best.for_int32;
  else
    return best.for_int64;
}

/// The elements of a block.
template <class T>
std::span<const T> part(std::span<const T> x, index_t first, index_t last) {
  return x.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
}

extern const kernel_set baseline_kernels;
extern const kernel_set avx2_kernels;
extern const kernel_set avx512_kernels;

}  // namespace polyloop::reductions
