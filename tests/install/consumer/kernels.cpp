#include <cstdio>
#include <vector>

#include <polyloop/context.hpp>
#include <polyloop/reductions/sum.hpp>

int main() {
  const std::vector<double> x(1000, 0.5);
  const double total = polyloop::reductions::sum(x);
  std::printf("%s %g\n", polyloop::explain().backend.c_str(), total);
  return total == 500.0 ? 0 : 1;
}
