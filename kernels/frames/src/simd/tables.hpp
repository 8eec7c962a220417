#pragma once

#include <cstdint>
#include <tuple>

/// The SIMD of a filter is a struct of functions over rows, `Rows<T>` for
/// samples of type T. Each target of Highway compiles its own; a filter asks
/// once for those of this machine and hands them to its bands.
namespace polyloop::frames::detail {

template <template <class> class Rows>
using for_each_sample = std::tuple<Rows<std::uint8_t>, Rows<std::uint16_t>, Rows<float>>;

/// Those of T, of a function that returns them for all samples.
template <template <class> class Rows, class T>
Rows<T> rows_for(for_each_sample<Rows> (*all)()) {
  return std::get<Rows<T>>(all());
}

}  // namespace polyloop::frames::detail
