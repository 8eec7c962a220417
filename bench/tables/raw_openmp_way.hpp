#pragma once

#include "polyloop/index.hpp"

namespace polyloop::bench::tables {

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

}  // namespace polyloop::bench::tables
