#include "loops/kernels.hpp"

namespace polyloop::bench::loops {

namespace {

void saxpy(index_t n, double a, const double* x, double* y) {
  for (index_t i = 0; i < n; ++i) y[i] = a * x[i] + y[i];
}

void stencil(index_t side, const float* in, float* out) {
  for (index_t row = 1; row < side - 1; ++row)
    for (index_t column = 1; column < side - 1; ++column) {
      const index_t at = row * side + column;
      out[at] = 0.2F * (in[at] + in[at - side] + in[at - 1] + in[at + 1] + in[at + side]);
    }
}

double sum(index_t n, const double* x) {
  double total = 0;
  for (index_t i = 0; i < n; ++i) total += x[i];
  return total;
}

}  // namespace

const kernels plain = {saxpy, stencil, sum, [](int) {}};

}  // namespace polyloop::bench::loops
