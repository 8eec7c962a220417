#include <omp.h>

#include "instructions/loop_set.hpp"

namespace polyloop::bench::instructions {

namespace {

struct raw {
  template <class I, class Body>
  static bool loop(I n, const Body& body) {
    // A copy for each thread, as of the variables of a loop written out: behind
    // a reference they would be read again after each store.
    Body mine = body;
#pragma omp parallel for schedule(static) firstprivate(mine)
    for (I i = 0; i < n; ++i) mine(i);
    return false;
  }
  template <class Body>
  static bool shared_loop(index_t n, const Body& body) {
    return loop(n, body);
  }
};

void enter(int, const std::function<void()>& call) {
  omp_set_num_threads(1);
  call();
}

}  // namespace

const loop_set openmp_loops = loops_by<raw>("openmp", enter);

}  // namespace polyloop::bench::instructions
