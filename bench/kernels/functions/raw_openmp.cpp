#include "kernels/functions/loop_functions.hpp"
#include "tables/raw_openmp_way.hpp"

namespace polyloop::bench {

const loop_functions openmp_functions = functions_by<tables::openmp_static>();

}  // namespace polyloop::bench
