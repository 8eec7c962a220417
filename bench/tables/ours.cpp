#include "polyloop/parallel_for.hpp"
#include "tables/loop_set.hpp"

namespace polyloop::bench::tables {

namespace {
struct ours {
  template <class Body>
  static void loop(index_t n, const Body& body) {
    parallel_for(n, body);
  }
};
}  // namespace

const loop_set our_loops = loops_by<ours>([](int) {});

}  // namespace polyloop::bench::tables
