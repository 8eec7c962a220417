#include <span>

#include "loops/kernels.hpp"
#include "polyloop/parallel_for.hpp"
#include "polyloop/reductions/sum.hpp"

namespace polyloop::bench::loops {

namespace {

void saxpy(index_t n, double a, const double* x, double* y) {
  parallel_for(n, [=](index_t i) { y[i] = a * x[i] + y[i]; });
}

void stencil(index_t side, const float* in, float* out) {
  parallel_for(grid2{side - 2, side - 2}, [=](index_t row, index_t column) {
    const index_t at = (row + 1) * side + column + 1;
    out[at] = 0.2F * (in[at] + in[at - side] + in[at - 1] + in[at + 1] + in[at + side]);
  });
}

double sum(index_t n, const double* x) {
  return reductions::sum(std::span(x, static_cast<std::size_t>(n)));
}

}  // namespace

const kernels ours = {saxpy, stencil, sum, [](int) {}};

}  // namespace polyloop::bench::loops
