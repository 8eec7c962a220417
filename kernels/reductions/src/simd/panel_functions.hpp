#pragma once

#include "stretch_functions.hpp"

namespace polyloop::reductions {

/// Lines that lie side by side: element k of line i is at x[k * step + i].
template <class T>
struct panel {
  const T* x;
  index_t step;
  index_t lines;
  index_t length;
};

/// Lines of a panel.
inline constexpr index_t most_lines = 256;

/// Values of each line of a panel, the same bits as those of stretch_functions.
template <class T>
struct panel_functions {
  void (*sums)(const panel<T>& of, total_of<T>* out);
  void (*distance_sums_of)(const panel<T>& of, const double* from, distance_sums* out);
  /// The best element of each line and its place in it, the first of equal ones. A NaN is the best.
  void (*least)(const panel<T>& of, T* best, T* place);
  void (*greatest)(const panel<T>& of, T* best, T* place);
};

for_each_type<panel_functions> all_panel_functions();

}  // namespace polyloop::reductions
