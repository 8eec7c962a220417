#include <algorithm>
#include <cmath>

#include "kernels/functions/loop_functions.hpp"
#include "kernels/project_kernels.hpp"
#include "kernels/twins.hpp"
#include "polyloop/huge_vector.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::bench {

namespace {

using call = std::function<void(const loop_functions&)>;
template <class T>
using shared_vector = std::shared_ptr<huge_vector<T>>;

/// First touched as the loops are going to use it.
template <class T>
shared_vector<T> filled(index_t n, T scale) {
  const auto made = std::make_shared<huge_vector<T>>(static_cast<std::size_t>(n));
  const auto fill = [at = made->data(), scale](index_t i) { at[i] = scale * static_cast<T>(i % 1009); };
  parallel_for(n, fill, {.schedule = schedule::static_()});
  return made;
}

/// A kernel whose result is `out`, with its twins. Their bodies are the same and
/// are compiled with the same flags, so the results have the same bits.
template <class T>
kernel kernel_of(double bytes, double operations, const shared_vector<T>& out, const call& run) {
  kernel made{.bytes = bytes, .operations = operations, .number_bytes = sizeof(T), .input = "generated"};
  made.run = [run](const loop_options& how) {
    use_options(how);
    run(our_functions);
  };
  made.checksum = [out] { return checksum_of(*out); };
  made.clear = [out] { std::ranges::fill(*out, T(-1)); };
  add_twins(made, [](const raw_kernels&) {});
  for (auto& [backend, twin] : made.raw)
    twin.run = [run, by_hand = functions_for(backend)] { run(*by_hand); };
  return made;
}

kernel saxpy(index_t n) {
  const auto x = filled(n, 1.0);
  const auto y = filled(n, 0.5);
  kernel made = kernel_of(24.0 * static_cast<double>(n), 2.0 * static_cast<double>(n), y,
                          [=](const loop_functions& of) { of.saxpy(n, 1e-9, x->data(), y->data()); });
  made.clear = [y] { *y = *filled(static_cast<index_t>(y->size()), 0.5); };
  return made;
}

kernel copy(index_t n) {
  const auto x = filled(n, 1.0);
  const auto y = filled(n, 0.5);
  return kernel_of(16.0 * static_cast<double>(n), 0, y,
                   [=](const loop_functions& of) { of.copy(n, x->data(), y->data()); });
}

kernel triad(index_t n) {
  const auto x = filled(n, 1.0);
  const auto y = filled(n, 0.5);
  const auto z = filled(n, 0.0);
  return kernel_of(24.0 * static_cast<double>(n), 2.0 * static_cast<double>(n), z,
                   [=](const loop_functions& of) { of.triad(n, 3.0, x->data(), y->data(), z->data()); });
}

kernel stencil(index_t side) {
  const auto in = filled(side * side, 1.0F);
  const auto out = filled(side * side, 0.0F);
  const auto cells = static_cast<double>(side * side);
  return kernel_of(8.0 * cells, 5.0 * cells, out,
                   [=](const loop_functions& of) { of.stencil(side, in->data(), out->data()); });
}

kernel mandelbrot(index_t side) {
  constexpr index_t most = 200;
  constexpr double operations_of_a_step = 10;
  const auto steps = filled(side * side, std::int32_t{0});
  kernel made = kernel_of(4.0 * static_cast<double>(side * side), 0, steps,
                          [=](const loop_functions& of) { of.mandelbrot(side, most, steps->data()); });
  made.run({});  // how many steps there are, only the result tells
  for (const std::int32_t each : *steps) made.operations += operations_of_a_step * each;
  made.number_bytes = sizeof(double);
  return made;
}

kernel triangular(index_t n) {
  const auto x = filled(n, 1.0);
  const auto sums = filled(n, 0.0);
  const auto count = static_cast<double>(n);
  return kernel_of(16.0 * count, count * (count + 1) / 2, sums,
                   [=](const loop_functions& of) { of.triangular(n, x->data(), sums->data()); });
}

kernel nested(index_t n) {
  const auto rows = static_cast<index_t>(std::sqrt(static_cast<double>(n)));
  const auto in = filled(rows * rows, 1.0);
  const auto out = filled(rows * rows, 0.0);
  const auto cells = static_cast<double>(rows * rows);
  return kernel_of(16.0 * cells, 2.0 * cells, out,
                   [=](const loop_functions& of) { of.nested(rows, rows, in->data(), out->data()); });
}

}  // namespace

std::vector<kernel_family> loop_kernels(bool quick) {
  const index_t most = quick ? 1'000'000 : 10'000'000;
  return {{"saxpy", {1'000, 100'000, most}, saxpy},
          {"copy", {most}, copy},
          {"triad", {most}, triad},
          {"stencil", {quick ? 512 : 2048}, stencil},
          {"mandelbrot", {quick ? 128 : 512}, mandelbrot},
          {"triangular", {quick ? 1'000 : 4'000}, triangular},
          {"nested", {quick ? 10'000 : 1'000'000}, nested}};
}

kernel launch_kernel() {
  constexpr index_t iterations = 64;
  const auto seen = filled(iterations, std::int64_t{0});
  return kernel_of(0, 0, seen, [=](const loop_functions& of) { of.empty(iterations, seen->data()); });
}

}  // namespace polyloop::bench
