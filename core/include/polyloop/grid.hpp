#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "polyloop/error.hpp"
#include "polyloop/index.hpp"

namespace polyloop {

/// The indices begin, begin + step, ... below end, as the loop
/// `for (I i = begin; i < end; i += step)` visits them. `step` is positive.
template <std::integral I>
struct range {
  I begin = 0;
  I end = 0;
  I step = 1;
};
template <std::integral I>
range(I, I) -> range<I>;
template <std::integral I>
range(I, I, I) -> range<I>;

/// rows x columns indices, visited row by row.
struct grid2 {
  index_t rows = 0;
  index_t columns = 0;
};

/// planes x rows x columns indices, visited plane by plane, row by row.
struct grid3 {
  index_t planes = 0;
  index_t rows = 0;
  index_t columns = 0;
};

/// Half-open interval [begin, end) of one axis of a tile.
struct extent {
  index_t begin = 0;
  index_t end = 0;
  constexpr index_t size() const { return end - begin; }
};

/// A rectangle of a grid2.
struct tile2 {
  extent rows;
  extent columns;
};

/// A box of a grid3.
struct tile3 {
  extent planes;
  extent rows;
  extent columns;
};

/// The size of the tiles that a grid2 is cut into; those at the ends are cut to fit.
struct tile_size2 {
  index_t rows = 1;
  index_t columns = 1;
};

/// The size of the tiles that a grid3 is cut into; those at the ends are cut to fit.
struct tile_size3 {
  index_t planes = 1;
  index_t rows = 1;
  index_t columns = 1;
};

namespace detail {

/// n as a count of iterations. Throws for a negative one and for one above 2^63 - 1.
template <std::integral I>
constexpr index_t checked_count(I n, const char* name) {
  if constexpr (std::is_signed_v<I>) {
    if (n < 0) throw_invalid(name, static_cast<index_t>(n), "a number that is not negative");
  } else if (sizeof(I) >= sizeof(index_t)) {
    if (n > static_cast<I>(std::numeric_limits<index_t>::max()))
      throw_invalid(name, std::numeric_limits<index_t>::max(), "a count below 2^63");
  }
  return static_cast<index_t>(n);
}

/// Number of iterations of a range. Unsigned arithmetic: exact at the ends of I.
template <std::integral I>
constexpr index_t checked_count(const range<I>& r) {
  using U = std::make_unsigned_t<I>;
  if (r.step <= 0) throw_invalid("step", static_cast<index_t>(r.step), "a positive number");
  if (r.end < r.begin) throw_invalid("end", static_cast<index_t>(r.end), "an end that is not below begin");
  const U distance = static_cast<U>(static_cast<U>(r.end) - static_cast<U>(r.begin));
  if (distance == 0) return 0;
  const U steps = static_cast<U>((distance - 1) / static_cast<U>(r.step));
  const bool fits =
      static_cast<std::uint64_t>(steps) < static_cast<std::uint64_t>(std::numeric_limits<index_t>::max());
  if (!fits) throw_invalid("end", static_cast<index_t>(r.end), "fewer than 2^63 iterations");
  return static_cast<index_t>(steps) + 1;
}

/// a * b iterations. Throws when that is 2^63 or more.
constexpr index_t checked_product(index_t a, index_t b, const char* name) {
  if (a != 0 && b > std::numeric_limits<index_t>::max() / a)
    throw_invalid(name, b, "fewer than 2^63 iterations in all");
  return a * b;
}

}  // namespace detail

}  // namespace polyloop
