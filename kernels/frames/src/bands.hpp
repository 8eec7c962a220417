#pragma once

#include <algorithm>
#include <string_view>

#include "polyloop/frames/view.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::frames::detail {

/// Calls body(rows) for whole bands of `height` rows, of which a worker may get several as one: scratch rows
/// are allocated rarely, and a frame of 480 rows feeds 16 workers by bands of 30.
template <class Body>
loop_result for_bands(const shape& size, index_t height, std::string_view label, const loop_options& options,
                      const Body& body) {
  if (size.empty()) return {};
  loop_options named = options;
  if (named.label.empty()) named.label = label;
  const index_t rows = size.height;
  const index_t bands = rows / height + (rows % height != 0);
  loop_result result = polyloop::detail::launch(
      bands,
      [&body, rows, height](index_t first, index_t last, index_t& reached) {
        reached = first;  // where it throws: a later band of these may have, but none before
        body(extent{first * height, std::min(rows, last * height)});
      },
      named);
  result.iterations = std::min(rows, result.iterations * height);
  return result;
}

/// The row that stands for row y of a frame whose outermost rows are repeated
/// beyond its border.
template <class T>
const T* replicated_row(const view<const T>& frame, index_t y) {
  return frame.row(std::clamp<index_t>(y, 0, frame.height() - 1));
}

}  // namespace polyloop::frames::detail
