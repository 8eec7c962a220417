#pragma once

#include <limits>

#include "kernels/raw.hpp"

/// What the hand-written reductions of numbers share.
namespace polyloop::bench {

inline raw_extrema no_extrema() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return {infinity, -infinity, 0, 0};
}

inline void take(raw_extrema& seen, double value, index_t at) {
  if (value < seen.minimum) {
    seen.minimum = value;
    seen.minimum_at = at;
  }
  if (value > seen.maximum) {
    seen.maximum = value;
    seen.maximum_at = at;
  }
}

/// Of equal values the first counts, whatever the order of the parts.
inline raw_extrema merged(const raw_extrema& a, const raw_extrema& b) {
  raw_extrema both = a;
  if (b.minimum < a.minimum || (b.minimum == a.minimum && b.minimum_at < a.minimum_at)) {
    both.minimum = b.minimum;
    both.minimum_at = b.minimum_at;
  }
  if (b.maximum > a.maximum || (b.maximum == a.maximum && b.maximum_at < a.maximum_at)) {
    both.maximum = b.maximum;
    both.maximum_at = b.maximum_at;
  }
  return both;
}

inline index_t length(std::span<const double> x) {
  return static_cast<index_t>(x.size());
}

}  // namespace polyloop::bench
