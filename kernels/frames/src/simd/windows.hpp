#pragma once

#include <cstdint>
#include <type_traits>

#include "polyloop/index.hpp"
#include "tables.hpp"

/// Rows of filters over rectangular windows: sums, least and greatest.
namespace polyloop::frames::detail {

/// Writes out[i] = the sum, least or greatest of line[i + k * step], k < width. The
/// line is overwritten, and so are the samples of `scratch`; count + (width - 1) step of them are read.
template <class Number>
using reduce_along = void (*)(Number* line, Number* scratch, index_t width, index_t step, index_t count,
                              Number* out);

/// Sums of T in numbers of Sum.
template <class T, class Sum>
struct sum_rows {
  /// out[i] = the sum of taps[t][i], t < height, in their order.
  void (*columns)(const T* const* taps, index_t height, index_t count, Sum* out);
  /// sums[i] += entering[i] - leaving[i]; also into out.
  void (*next)(const T* entering, const T* leaving, index_t count, Sum* sums, Sum* out);
  reduce_along<Sum> along;
  /// out[i] = sums[i] / area, rounded to nearest.
  void (*scale)(const Sum* sums, index_t area, index_t count, T* out);
};
/// For areas of 2 to 256, whose sums fit 16 bits, together with the half that rounds.
sum_rows<std::uint8_t, std::uint16_t> narrow_sums();

template <class T>
using wide_sum = std::conditional_t<std::is_integral_v<T>, std::uint32_t, float>;
template <class T>
using wide_sum_rows = sum_rows<T, wide_sum<T>>;
for_each_sample<wide_sum_rows> wide_sums();

/// The least or the greatest of samples.
template <class T>
struct extreme_rows {
  /// out[i] = the extreme of a[i] and b[i]; out may be one of them.
  void (*pair)(const T* a, const T* b, index_t count, T* out);
  /// extremes[i] = the extreme of itself and entering[i]; out[i] = that of these and other[i].
  void (*next)(const T* entering, const T* other, index_t count, T* extremes, T* out);
  /// out[i] = the extreme of taps[t][i], t < height.
  void (*columns)(const T* const* taps, index_t height, index_t count, T* out);
  /// The same of taps[t] and of taps[t + 1], whose extreme is found once; height > 1.
  void (*two_columns)(const T* const* taps, index_t height, index_t count, T* upper, T* lower);
  reduce_along<T> along;
};
for_each_sample<extreme_rows> least();
for_each_sample<extreme_rows> greatest();

}  // namespace polyloop::frames::detail
