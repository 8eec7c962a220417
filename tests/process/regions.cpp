// boundary: what becomes of the OpenMP regions of a body is what this test is about
// A program's own OpenMP regions: within a body one thread, outside of loops as many as ever.
#include <atomic>
#include <cstdio>
#include <polyloop/polyloop.hpp>

namespace {

int threads_of_region() {
  std::atomic<int> threads{0};
#pragma omp parallel
  ++threads;
  return threads;
}

}  // namespace

int main() {
  const polyloop::scoped_context scope{.backend = "openmp", .workers = 4, .oversubscribe = true};
  const int before = threads_of_region();
  std::atomic<int> most{0};
  polyloop::parallel_for(100,
                         [&](int) {
                           const int here = threads_of_region();
                           for (int seen = most; here > seen && !most.compare_exchange_weak(seen, here);) {
                           }
                         },
                         {.schedule = polyloop::schedule::dynamic()});
  const int after = threads_of_region();
  std::printf("before %d, within a body %d, after %d\n", before, most.load(), after);
  return most == 1 && before == after ? 0 : 1;
}
