#include <cstdio>
#include <vector>

#include <polyloop/polyloop.hpp>

int main() {
  std::vector<double> x(1000, 2.0);
  polyloop::parallel_for(x.size(), [&](std::size_t i) { x[i] *= 0.5; });
  const double total = polyloop::parallel_reduce(x.size(), polyloop::sum<double>{}, [&](std::size_t i) { return x[i]; });
  std::printf("%s %g\n", polyloop::explain().backend.c_str(), total);
  return total == 1000.0 ? 0 : 1;
}
