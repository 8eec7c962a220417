#include "kernels/functions/loop_functions.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::bench {

namespace {

// Not of the thread: a loop in a loop is begun by a worker.
loop_options asked;

struct ours {
  template <class Body>
  static void loop(index_t n, const Body& body) {
    parallel_for(n, body, asked);
  }
};

}  // namespace

void use_options(const loop_options& how) {
  asked = how;
}

const loop_functions our_functions = functions_by<ours>();

}  // namespace polyloop::bench
