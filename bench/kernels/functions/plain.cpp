#include "kernels/functions/loop_functions.hpp"
#include "tables/plain_way.hpp"

namespace polyloop::bench {

const loop_functions plain_functions = functions_by<tables::plain>();

const loop_functions* functions_for(std::string_view backend) {
  if (backend == "serial") return &plain_functions;
#ifdef POLYLOOP_BENCH_OPENMP
  if (backend == "openmp") return &openmp_functions;
#endif
#ifdef POLYLOOP_BENCH_TBB
  if (backend == "tbb") return &tbb_functions;
#endif
  return nullptr;
}

}  // namespace polyloop::bench
