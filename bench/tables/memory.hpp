#pragma once

#include <cstddef>
#include <memory>
#include <new>

#include "polyloop/index.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::bench::tables {

inline constexpr std::align_val_t page{4096};

struct release {
  void operator()(double* memory) const { ::operator delete(memory, page); }
};
using buffer = std::unique_ptr<double[], release>;

/// Memory first touched by the workers that are going to use it. All of it
/// begins with a page: how arrays lie to each other changes the time of a small
/// loop, and the allocator would decide it anew in every run.
inline buffer filled(index_t n, double scale) {
  buffer memory(static_cast<double*>(::operator new(static_cast<std::size_t>(n) * sizeof(double), page)));
  double* const at = memory.get();
  const auto fill = [at, scale](index_t i) { at[i] = scale * static_cast<double>(i % 1009); };
  parallel_for(n, fill, {.schedule = schedule::static_()});
  return memory;
}

}  // namespace polyloop::bench::tables
