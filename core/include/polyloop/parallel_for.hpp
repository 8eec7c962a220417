#pragma once

#include <algorithm>
#include <concepts>

#include "polyloop/context.hpp"
#include "polyloop/detail/launch.hpp"
#include "polyloop/grid.hpp"
#include "polyloop/loop_options.hpp"

/// Loops whose iterations run at the same time.
///
/// Common to all of them:
///  - The body is called once for every index, as a const object, from several
///    threads at once, in no particular order.
///  - If bodies throw, the caller gets the exception of the lowest failing
///    index: the one that the plain loop would have thrown. Iterations below
///    it have all run; of those above it, some may have.
///  - They may be called from any thread and nested to any depth; workers that
///    an outer loop leaves idle run the inner ones.
///  - Bad arguments throw invalid_argument before anything has run.
///  - Cost beyond the plain loop: one call where a loop is known to be small;
///    else the start of the workers, which `./scripts/claims loops-basic` measures.
namespace polyloop {

namespace detail {

/// body(i) for i, i + 1, ... below end. The counter is of the body's own type:
/// one that is converted each time keeps the compiler from seeing consecutive
/// elements, and from vectorising. Where the body throws, `i` is left there.
template <class I, class Body>
void run_consecutive(const Body& body, I& i, I end) {
  held<Body> call = body;
  for (; i < end; ++i) call(static_cast<I>(i));  // a value, whatever the body does with it
}

/// A one-dimensional loop: iteration k of the launch is index k of the body.
template <class I, class Body>
struct each_index {
  held<Body> body;

  void operator()(index_t first, index_t last, index_t& reached) const {
    I i = static_cast<I>(first);
    try {
      run_consecutive(body, i, static_cast<I>(last));
    } catch (...) {
      reached = static_cast<index_t>(i);
      throw;
    }
  }
};

template <class I, class Body>
struct each_step {
  const Body& body;
  range<I> over;

  void operator()(index_t first, index_t last, index_t& reached) const {
    over.step == 1 ? by_one(first, last, reached) : by_steps(first, last, reached);
  }

 private:
  using U = std::make_unsigned_t<I>;

  I index(index_t k) const {
    return static_cast<I>(
        static_cast<U>(static_cast<U>(over.begin) + static_cast<U>(k) * static_cast<U>(over.step)));
  }

  void by_one(index_t first, index_t last, index_t& reached) const {
    I i = index(first);
    try {
      run_consecutive(body, i, index(last));
    } catch (...) {
      reached = static_cast<index_t>(static_cast<U>(static_cast<U>(i) - static_cast<U>(over.begin)));
      throw;
    }
  }

  void by_steps(index_t first, index_t last, index_t& reached) const {
    held<Body> call = body;
    index_t k = first;
    try {
      for (; k < last; ++k) call(index(k));
    } catch (...) {
      reached = k;
      throw;
    }
  }
};

/// A grid as one long row of its indices, in the order of the serial loop: cut
/// anywhere, and the inner loop still runs along the columns.
template <class Body>
struct each_cell2 {
  const Body& body;
  index_t columns;

  void operator()(index_t first, index_t last, index_t& reached) const {
    held<Body> call = body;
    index_t row = first / columns;
    index_t column = first % columns;
    try {
      while (first < last) {
        const index_t stop = std::min(columns, column + (last - first));
        first += stop - column;
        for (; column < stop; ++column) call(row, column);
        column = 0;
        ++row;
      }
    } catch (...) {
      reached = row * columns + column;
      throw;
    }
  }
};

template <class Body>
struct each_cell3 {
  const Body& body;
  index_t rows;
  index_t columns;

  void operator()(index_t first, index_t last, index_t& reached) const {
    held<Body> call = body;
    const index_t all_rows = rows;
    const auto on_row = [&call, all_rows](index_t line, index_t column) {
      call(line / all_rows, line % all_rows, column);
    };
    each_cell2<decltype(on_row)>{on_row, columns}(first, last, reached);
  }
};

constexpr extent tile_extent(index_t number, index_t size, index_t whole) {
  const index_t begin = number * size;
  return {begin, size < whole - begin ? begin + size : whole};
}

inline index_t tiles_along(index_t whole, index_t size, const char* name) {
  if (size <= 0) throw_invalid(name, size, "a positive number");
  return whole / size + (whole % size != 0);
}

}  // namespace detail

/// body(i) for i = 0 .. n - 1. O(n) work. Throws invalid_argument for n < 0.
template <std::integral I, class Body>
requires std::invocable<const Body&, I> loop_result parallel_for(I n, const Body& body) {
  return detail::launch(detail::checked_count(n, "n"), detail::each_index<I, Body>{body});
}
template <std::integral I, class Body>
requires std::invocable<const Body&, I> loop_result parallel_for(I n, const Body& body,
                                                                 const loop_options& options) {
  return detail::launch(detail::checked_count(n, "n"), detail::each_index<I, Body>{body}, options);
}

/// body(i) for i = begin, begin + step, ... below end: exact up to the ends of
/// the index type. Throws invalid_argument for end < begin and for step < 1.
template <std::integral I, class Body>
requires std::invocable<const Body&, I> loop_result parallel_for(const range<I>& over, const Body& body,
                                                                 const loop_options& options = {}) {
  return detail::launch(detail::checked_count(over), detail::each_step<I, Body>{body, over}, options);
}

/// body(row, column) for every cell of the grid; the serial order is row by row.
template <class Body>
requires std::invocable<const Body&, index_t, index_t> loop_result
parallel_for(const grid2& over, const Body& body, const loop_options& options = {}) {
  const index_t rows = detail::checked_count(over.rows, "rows");
  const index_t columns = detail::checked_count(over.columns, "columns");
  return detail::launch(detail::checked_product(rows, columns, "columns"),
                        detail::each_cell2<Body>{body, columns}, options);
}

/// body(plane, row, column) for every cell; the serial order is plane by plane, row by row.
template <class Body>
requires std::invocable<const Body&, index_t, index_t, index_t> loop_result
parallel_for(const grid3& over, const Body& body, const loop_options& options = {}) {
  const index_t planes = detail::checked_count(over.planes, "planes");
  const index_t rows = detail::checked_count(over.rows, "rows");
  const index_t columns = detail::checked_count(over.columns, "columns");
  const index_t lines = detail::checked_product(planes, rows, "rows");
  return detail::launch(detail::checked_product(lines, columns, "columns"),
                        detail::each_cell3<Body>{body, rows, columns}, options);
}

/// body(tile) for every tile of the grid; the serial order is that of the
/// tiles' rows, then columns. Throws invalid_argument for sizes < 1.
template <class Body>
requires std::invocable<const Body&, tile2> loop_result parallel_for_tiles(const grid2& over,
                                                                           const tile_size2& size,
                                                                           const Body& body,
                                                                           const loop_options& options = {}) {
  const index_t rows = detail::checked_count(over.rows, "rows");
  const index_t columns = detail::checked_count(over.columns, "columns");
  const index_t down = detail::tiles_along(rows, size.rows, "tile rows");
  const index_t across = detail::tiles_along(columns, size.columns, "tile columns");
  return parallel_for(
      grid2{down, across},
      [&body, rows, columns, size](index_t r, index_t c) {
        body(tile2{detail::tile_extent(r, size.rows, rows), detail::tile_extent(c, size.columns, columns)});
      },
      options);
}

/// The same in three dimensions; the serial order is by planes, rows, columns of tiles.
template <class Body>
requires std::invocable<const Body&, tile3> loop_result parallel_for_tiles(const grid3& over,
                                                                           const tile_size3& size,
                                                                           const Body& body,
                                                                           const loop_options& options = {}) {
  const index_t planes = detail::checked_count(over.planes, "planes");
  const index_t rows = detail::checked_count(over.rows, "rows");
  const index_t columns = detail::checked_count(over.columns, "columns");
  const index_t deep = detail::tiles_along(planes, size.planes, "tile planes");
  const index_t down = detail::tiles_along(rows, size.rows, "tile rows");
  const index_t across = detail::tiles_along(columns, size.columns, "tile columns");
  return parallel_for(
      grid3{deep, down, across},
      [&body, planes, rows, columns, size](index_t p, index_t r, index_t c) {
        body(tile3{detail::tile_extent(p, size.planes, planes), detail::tile_extent(r, size.rows, rows),
                   detail::tile_extent(c, size.columns, columns)});
      },
      options);
}

}  // namespace polyloop
