#pragma once

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include "polyloop/index.hpp"

namespace polyloop::bench::tables {

template <class Partitioner>
struct tbb_loop {
  template <class Body>
  static void loop(index_t n, const Body& body) {
    using range = tbb::blocked_range<index_t>;
    const auto part = [body](const range& chunk) {
      for (index_t i = chunk.begin(), end = chunk.end(); i < end; ++i) body(i);
    };
    tbb::parallel_for(range(0, n), part, Partitioner());
  }
};

}  // namespace polyloop::bench::tables
