#include "kernels/functions/loop_functions.hpp"
#include "tables/raw_tbb_way.hpp"

namespace polyloop::bench {

const loop_functions tbb_functions = functions_by<tables::tbb_loop<tbb::auto_partitioner>>();

}  // namespace polyloop::bench
