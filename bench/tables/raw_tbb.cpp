#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include "tables/loop_set.hpp"

namespace polyloop::bench::tables {

namespace {

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

}  // namespace

const loop_set tbb_auto_loops = loops_by<tbb_loop<tbb::auto_partitioner>>([](int) {});
const loop_set tbb_static_loops = loops_by<tbb_loop<tbb::static_partitioner>>([](int) {});

}  // namespace polyloop::bench::tables
