#include <omp.h>

#include "tables/loop_set.hpp"

namespace polyloop::bench::tables {

namespace {

// Each thread has a copy of the body, as it has of the variables of a loop
// written out: behind a reference they would be read again after each store.

struct openmp_static {
  template <class Body>
  static void loop(index_t n, const Body& body) {
    Body mine = body;
#pragma omp parallel for schedule(static) firstprivate(mine)
    for (index_t i = 0; i < n; ++i) mine(i);
  }
};

struct openmp_dynamic {
  template <class Body>
  static void loop(index_t n, const Body& body) {
    Body mine = body;
#pragma omp parallel for schedule(dynamic, 1) firstprivate(mine)
    for (index_t i = 0; i < n; ++i) mine(i);
  }
};

}  // namespace

const loop_set openmp_static_loops = loops_by<openmp_static>(omp_set_num_threads);
const loop_set openmp_dynamic_loops = loops_by<openmp_dynamic>(omp_set_num_threads);

}  // namespace polyloop::bench::tables
