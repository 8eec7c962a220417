#include "tables/loop_set.hpp"

namespace polyloop::bench::tables {

namespace {
struct plain {
  template <class Body>
  static void loop(index_t n, const Body& body) {
    for (index_t i = 0; i < n; ++i) body(i);
  }
};
}  // namespace

const loop_set plain_loops = loops_by<plain>([](int) {});

}  // namespace polyloop::bench::tables
