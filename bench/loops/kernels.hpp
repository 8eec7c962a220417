#pragma once

#include <string_view>

#include "polyloop/index.hpp"

/// The loops under test, each written once with Polyloop and once by hand for
/// each runtime. They are in files of their own, compiled with the same flags
/// (-O3 -march=native; raw OpenMP with -fopenmp beside them), so that no
/// compiler sees a loop and its measurement at once.
namespace polyloop::bench::loops {

struct kernels {
  /// y = a x + y, n elements.
  void (*saxpy)(index_t n, double a, const double* x, double* y);
  /// Five points: the mean of a cell and its neighbours, for the inner cells of side x side.
  void (*stencil)(index_t side, const float* in, float* out);
  double (*sum)(index_t n, const double* x);
  /// How many threads the raw loops take from now on.
  void (*use_workers)(int workers);
};

extern const kernels ours;
extern const kernels plain;
extern const kernels raw_openmp;
extern const kernels raw_tbb;

/// The hand-written loops for the runtime of a backend; null where there are none.
const kernels* raw_for(std::string_view backend);

}  // namespace polyloop::bench::loops
