#include <memory>
#include <vector>

#include <polyloop/bench.hpp>
#include <polyloop/parallel_for.hpp>

using polyloop::index_t;

const polyloop::bench::registered_kernel halve("halve", {1'000, 100'000}, [](index_t n) {
  const auto x = std::make_shared<std::vector<double>>(n, 2.0);
  const auto y = std::make_shared<std::vector<double>>(n);
  polyloop::bench::kernel made{.bytes = 16.0 * n, .operations = 1.0 * n};
  made.run = [=](const polyloop::loop_options& how) {
    polyloop::parallel_for(n, [in = x->data(), out = y->data()](index_t i) { out[i] = 0.5 * in[i]; }, how);
  };
  made.checksum = [=] { return polyloop::bench::checksum_of(*y); };
  return made;
});
