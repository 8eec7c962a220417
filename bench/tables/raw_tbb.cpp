#include "tables/loop_set.hpp"
#include "tables/raw_tbb_way.hpp"

namespace polyloop::bench::tables {

const loop_set tbb_auto_loops = loops_by<tbb_loop<tbb::auto_partitioner>>([](int) {});
const loop_set tbb_static_loops = loops_by<tbb_loop<tbb::static_partitioner>>([](int) {});

}  // namespace polyloop::bench::tables
