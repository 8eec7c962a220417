#include "loops/kernels.hpp"

namespace polyloop::bench::loops {

const kernels* raw_for(std::string_view backend) {
  if (backend == "serial") return &plain;
#ifdef POLYLOOP_BENCH_OPENMP
  if (backend == "openmp") return &raw_openmp;
#endif
#ifdef POLYLOOP_BENCH_TBB
  if (backend == "tbb") return &raw_tbb;
#endif
  return nullptr;
}

}  // namespace polyloop::bench::loops
