#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include "instructions/loop_set.hpp"

namespace polyloop::bench::instructions {

namespace {

struct raw {
  template <class I, class Body>
  static bool loop(I n, const Body& body) {
    using range = tbb::blocked_range<I>;
    tbb::parallel_for(range(0, n), [body](const range& part) {
      for (I i = part.begin(), end = part.end(); i < end; ++i) body(i);
    });
    return false;
  }
  template <class Body>
  static bool shared_loop(index_t n, const Body& body) {
    return loop(n, body);
  }
};

void enter(int, const std::function<void()>& call) {
  const tbb::global_control alone(tbb::global_control::max_allowed_parallelism, 1);
  call();
}

}  // namespace

const loop_set tbb_loops = loops_by<raw>("tbb", enter);

}  // namespace polyloop::bench::instructions
