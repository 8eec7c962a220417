#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>

#include "polyloop/index.hpp"

// Vectors of unknown size cannot be kept in arrays: such CPUs use their vectors of 128 bits.
#if !defined(__x86_64__) && !defined(_M_X64) && !defined(HWY_DISABLED_TARGETS)
#define HWY_DISABLED_TARGETS (HWY_RVV | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif

/// The inner loops of the reductions, compiled by Highway for several instruction sets and
/// chosen at run time. The operations and their order are the same for all of them, and so are the bits.
namespace polyloop::reductions {

/// What stretches of T are added in; integers in uint64, whose overflow is defined: modulo 2^64.
template <class T>
using total_of = std::conditional_t<std::floating_point<T>, double, std::uint64_t>;

/// The extreme value of a stretch, NaNs passed over, and the sum of its elements,
/// which is a NaN whenever one of them is (and also where infinities meet).
template <class T>
struct bounds {
  T value;
  T probe;
};

/// Sums of the higher powers of the distances from a value.
struct distance_powers {
  double cubes;
  double fourths;
};

/// Sums of the distances from a value and of their squares.
struct distance_sums {
  double distances;
  double squares;
};

/// A sum and what its roundings have lost.
struct compensated {
  double sum;
  double lost;
};

/// The loops through n elements of type T. All take the elements in turn into the same number of lanes,
/// whatever the registers.
template <class T>
struct stretch_functions {
  total_of<T> (*sum)(const T* x, std::size_t n);
  total_of<T> (*product)(const T* x, std::size_t n);
  total_of<T> (*dot)(const T* x, const T* y, std::size_t n);
  compensated (*compensated_sum)(const T* x, std::size_t n);
  bounds<T> (*least)(const T* x, std::size_t n, T identity);
  bounds<T> (*greatest)(const T* x, std::size_t n, T identity);
  /// The first place of a value; n if it is nowhere.
  std::size_t (*place_of)(const T* x, std::size_t n, T value);
  double (*sum_in_double)(const T* x, std::size_t n);
  double (*magnitudes)(const T* x, std::size_t n);
  /// The sum of (x factor)^2.
  double (*squares)(const T* x, std::size_t n, double factor);
  double (*squared_distances)(const T* x, std::size_t n, double from);
  distance_sums (*distance_sums_of)(const T* x, std::size_t n, double from);
  distance_powers (*distance_powers_of)(const T* x, std::size_t n, double from);
  /// The sum of exp(x - shift).
  double (*exponentials)(const T* x, std::size_t n, double shift);
};

template <template <class> class Functions>
using for_each_type =
    std::tuple<Functions<float>, Functions<double>, Functions<std::int32_t>, Functions<std::int64_t>>;

for_each_type<stretch_functions> all_stretch_functions();

/// Those of T for this machine. To be asked for once a reduction, not once a stretch.
template <class T>
stretch_functions<T> functions_for() {
  return std::get<stretch_functions<T>>(all_stretch_functions());
}

}  // namespace polyloop::reductions
