#pragma once

#include <algorithm>
#include <string_view>

#include "polyloop/frames/view.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::frames::detail {

/// Calls body(rows) for bands of `height` rows: large enough that scratch rows
/// are allocated rarely, small enough that a frame of 480 rows feeds 16 workers.
template <class Body>
loop_result for_bands(const shape& size, index_t height, std::string_view label, const loop_options& options,
                      const Body& body) {
  if (size.empty()) return {};
  loop_options named = options;
  if (named.label.empty()) named.label = label;
  const index_t rows = size.height;
  const index_t bands = rows / height + (rows % height != 0);
  loop_result result = parallel_for(
      bands,
      [&body, rows, height](index_t band) {
        const index_t first = band * height;
        body(extent{first, std::min(rows, first + height)});
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
