#include "tuning/loops.hpp"

#include <memory>

#include "polyloop/huge_vector.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::bench {

namespace {

using numbers = std::shared_ptr<huge_vector<double>>;

numbers filled(index_t n) {
  const auto made = std::make_shared<huge_vector<double>>(static_cast<std::size_t>(n));
  parallel_for(n, [at = made->data()](index_t i) { at[i] = static_cast<double>(i % 1009); },
               {.schedule = schedule::static_()});
  return made;
}

/// A chain of `steps` multiplications and additions.
double chain(double x, index_t steps) {
  for (index_t step = 0; step < steps; ++step) x = x * 0.999 + 0.001;
  return x;
}

kernel kernel_with(const numbers& result, std::function<void(const loop_options&)> run) {
  kernel made;
  made.run = std::move(run);
  made.checksum = [result] { return checksum_of(*result); };
  return made;
}

kernel triad(index_t n) {
  const numbers x = filled(n);
  const numbers y = filled(n);
  const numbers z = filled(n);
  return kernel_with(z, [=](const loop_options& how) {
    parallel_for(
        n, [a = x->data(), b = y->data(), c = z->data()](index_t i) { c[i] = a[i] + 3.0 * b[i]; }, how);
  });
}

kernel computing(index_t n) {
  const numbers out = filled(n);
  return kernel_with(out, [=](const loop_options& how) {
    parallel_for(
        n, [at = out->data()](index_t i) { at[i] = chain(static_cast<double>(i), 300); }, how);
  });
}

kernel triangular(index_t n) {
  const numbers out = filled(n);
  return kernel_with(out, [=](const loop_options& how) {
    parallel_for(
        n, [at = out->data()](index_t i) { at[i] = chain(static_cast<double>(i), i); }, how);
  });
}

kernel nested(index_t rows) {
  constexpr index_t columns = 20'000;
  const numbers in = filled(rows * columns);
  const numbers out = filled(rows * columns);
  return kernel_with(out, [=](const loop_options& how) {
    const auto on_row = [from = in->data(), to = out->data()](index_t row) {
      const auto on_column = [x = from + row * columns, y = to + row * columns](index_t column) {
        y[column] = chain(x[column], 4);
      };
      parallel_for(columns, on_column);
    };
    parallel_for(rows, on_row, how);
  });
}

}  // namespace

std::vector<kernel_family> loops_of_five_kinds() {
  return {{"tiny", {1'000}, triad},
          {"memory-bound", {4'000'000}, triad},
          {"compute-bound", {5'000}, computing},
          {"triangular", {2'000}, triangular},
          {"nested", {64}, nested}};
}

}  // namespace polyloop::bench
