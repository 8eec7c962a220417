#include <omp.h>

#include "tables/loop_set.hpp"
#include "tables/raw_openmp_way.hpp"

namespace polyloop::bench::tables {

const loop_set openmp_static_loops = loops_by<openmp_static>(omp_set_num_threads);
const loop_set openmp_dynamic_loops = loops_by<openmp_dynamic>(omp_set_num_threads);

}  // namespace polyloop::bench::tables
