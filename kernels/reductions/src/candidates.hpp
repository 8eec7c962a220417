#pragma once

#include <algorithm>
#include <limits>

#include "polyloop/monoid.hpp"
#include "polyloop/reductions/extrema.hpp"
#include "simd/stretch_functions.hpp"
#include "stretches.hpp"

namespace polyloop::reductions {

/// What some stretches know: their extreme value, whether there is a NaN, and where the stretch is that has
/// it.
template <class T>
struct candidate {
  T value;
  bool nan;
  index_t first;
  index_t count;
};

/// The first where both are as good. One with a NaN beats all.
template <class T, bool Least>
struct best {
  using value_type = candidate<T>;
  static candidate<T> identity() { return {0, false, 0, 0}; }
  candidate<T> operator()(const candidate<T>& a, const candidate<T>& b) const {
    if (a.nan || b.nan) return a.nan ? a : b;
    if (a.count == 0) return b;
    return b.count == 0 || !(Least ? b.value < a.value : a.value < b.value) ? a : b;
  }
};

template <class T>
bool is_nan(T value) {
  return value != value;
}

/// A NaN makes the probe one; so do infinities that meet, and then a NaN is looked for.
template <bool Least, class T>
candidate<T> stretch_extremum(const stretch_functions<T>& f, const stretch<T>& part) {
  const bounds<T> found = Least ? f.least(part.data, part.size, polyloop::minimum<T>::identity())
                                : f.greatest(part.data, part.size, polyloop::maximum<T>::identity());
  const bool nan = is_nan(found.probe) && std::any_of(part.data, part.data + part.size, is_nan<T>);
  return {found.value, nan, part.first, static_cast<index_t>(part.size)};
}

/// Looks for it in its stretch.
template <class T>
extremum<T> located(const stretch_functions<T>& f, const input<T>& x, const candidate<T>& found) {
  T scratch[stretch_size<T, long_stretch_bytes<T>>];
  const T* const data = x.read(found.first, found.count, scratch);
  const auto count = static_cast<std::size_t>(found.count);
  const std::size_t at = found.nan
                             ? static_cast<std::size_t>(std::find_if(data, data + count, is_nan<T>) - data)
                             : f.place_of(data, count, found.value);
  return {data[at], found.first + static_cast<index_t>(at)};
}

}  // namespace polyloop::reductions
