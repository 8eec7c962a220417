#pragma once

#include <cstdint>
#include <type_traits>

#include "polyloop/index.hpp"
#include "tables.hpp"

namespace polyloop::frames::detail {

/// What the sums over columns of Sobel's and Laplace's operators are: exact for 8 and for 16 bits.
template <class T>
using gradient_sum = std::conditional_t<std::is_same_v<T, std::uint8_t>, std::int16_t, float>;

/// Rows of operators of 3 x 3. `taps` are the three rows; `columns` write the sums p and q, which
/// the functions along a row read with a pixel before and behind it, `step` samples away.
template <class T>
struct gradient_rows {
  using sum = gradient_sum<T>;
  template <class Out>
  using along = void (*)(const sum* p, const sum* q, index_t step, index_t count, Out* out);
  using columns = void (*)(const T* const* taps, index_t count, sum* p, sum* q);

  /// p: above + 2 here + below, q: below - above.
  columns sobel;
  /// Only p, and only q.
  columns smoothed;
  columns differences;
  /// Of p, and of q.
  along<sum> dx;
  along<sum> dy;
  along<sum> l1;
  along<float> magnitude;
  /// The same by non-temporal stores, to a row that begins on a cache line.
  along<float> magnitude_around_cache;
  /// Of 8 bits rounded to nearest and cut at 255, of 16 at 65535.
  along<T> magnitude_sample;

  /// p: above + below, q: here.
  columns neighbours;
  /// The operator 0 1 0 / 1 -4 1 / 0 1 0.
  along<sum> laplace4;
  /// The operator 2 0 2 / 0 -8 0 / 2 0 2.
  along<sum> laplace8;
};
for_each_sample<gradient_rows> gradients();

}  // namespace polyloop::frames::detail
