#include "instructions/loop_set.hpp"

namespace polyloop::bench::instructions {

namespace {

struct plain {
  template <class I, class Body>
  static bool loop(I n, const Body& body) {
    for (I i = 0; i < n; ++i) body(i);
    return false;
  }
  template <class Body>
  static bool shared_loop(index_t n, const Body& body) {
    return loop(n, body);
  }
};

}  // namespace

const loop_set plain_loops = loops_by<plain>("plain", [](int, const std::function<void()>& call) { call(); });

}  // namespace polyloop::bench::instructions
