#pragma once

#include <vector>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/extrema.hpp"
#include "polyloop/reductions/moments.hpp"
#include "polyloop/reductions/sum.hpp"

namespace polyloop::reductions {

/// Elements in rows and columns: (r, c) is data[r * down + c * right]. The steps count elements.
template <detail::compiled T>
struct matrix_view {
  const T* data;
  index_t rows;
  index_t columns;
  index_t down;
  index_t right;
};

/// Each row, or each column, of a matrix as a sequence of its own.
template <detail::compiled T>
struct lines {
  const T* data;
  index_t count;
  index_t length;
  index_t between;  ///< from a line to the next
  index_t along;    ///< from an element of a line to the next

  strided_view<T> operator[](index_t line) const { return {data + line * between, length, along}; }
};

/// Each row, to be reduced to a number: `sum(each_row(m))[r]`.
template <class T>
lines<T> each_row(const matrix_view<T>& m) {
  return {m.data, m.rows, m.columns, m.down, m.right};
}

/// Each column: `sum(each_column(m))[c]`.
template <class T>
lines<T> each_column(const matrix_view<T>& m) {
  return {m.data, m.columns, m.rows, m.right, m.down};
}

/// Reductions of each line: element i of the result has the very bits of the same reduction of line i
/// alone, and its NaN and overflow rules. Both directions go through memory as it lies: lines whose elements
/// are next to each other one by one, lines that are next to each other many at a time. Throw
/// invalid_argument for negative sizes.
template <class T>
std::vector<sum_type<T>> sum(const lines<T>& of, const loop_options& options = {});
/// Throws too_few_elements for lines of none.
template <class T>
std::vector<extremum<T>> minimum(const lines<T>& of, const loop_options& options = {});
/// As minimum.
template <class T>
std::vector<extremum<T>> maximum(const lines<T>& of, const loop_options& options = {});
template <class T>
std::vector<moments_of> moments(const lines<T>& of, const loop_options& options = {});

}  // namespace polyloop::reductions
