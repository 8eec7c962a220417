#include "tables/loop_set.hpp"
#include "tables/plain_way.hpp"

namespace polyloop::bench::tables {

const loop_set plain_loops = loops_by<plain>([](int) {});

}  // namespace polyloop::bench::tables
