#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>

#include <functional>

#include "loops/kernels.hpp"

namespace polyloop::bench::loops {

namespace {

using range = tbb::blocked_range<index_t>;

void saxpy(index_t n, double a, const double* x, double* y) {
  tbb::parallel_for(range(0, n), [=](const range& part) {
    for (index_t i = part.begin(), end = part.end(); i < end; ++i) y[i] = a * x[i] + y[i];
  });
}

void stencil(index_t side, const float* in, float* out) {
  tbb::parallel_for(range(1, side - 1), [=](const range& rows) {
    for (index_t row = rows.begin(), end = rows.end(); row < end; ++row)
      for (index_t column = 1; column < side - 1; ++column) {
        const index_t at = row * side + column;
        out[at] = 0.2F * (in[at] + in[at - side] + in[at - 1] + in[at + 1] + in[at + side]);
      }
  });
}

double sum(index_t n, const double* x) {
  const auto part_sum = [x](const range& part, double total) {
    for (index_t i = part.begin(), end = part.end(); i < end; ++i) total += x[i];
    return total;
  };
  return tbb::parallel_reduce(range(0, n), 0.0, part_sum, std::plus<>());
}

}  // namespace

const kernels raw_tbb = {saxpy, stencil, sum, [](int) {}};

}  // namespace polyloop::bench::loops
