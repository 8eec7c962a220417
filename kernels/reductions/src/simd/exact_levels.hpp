#pragma once

#include <cstddef>

#include "stretch_functions.hpp"

namespace polyloop::reductions {

/// A sum as numbers that add up to it exactly.
struct exact_parts {
  static constexpr int most = 4;
  double part[most];
  /// How many there are; 0 where these would not do, as for infinities, NaNs and very different elements.
  int count;
};

/// The exact sum of at most 4096 elements in up to four parts, by extraction of their high bits (S. Rump, T.
/// Ogita, S. Oishi, "Accurate floating-point summation part I: faithful rounding", 2008).
template <class T>
struct exact_functions {
  exact_parts (*sum)(const T* x, std::size_t n);
};

struct all_exact_functions {
  exact_functions<float> for_float;
  exact_functions<double> for_double;
};
all_exact_functions exact_levels();

}  // namespace polyloop::reductions
