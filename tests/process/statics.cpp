// Static objects that loop while they are made and while they are destroyed, on every backend.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <polyloop/polyloop.hpp>

namespace {

void loop_on_all(const char* when) {
  for (polyloop::backend* each : polyloop::compiled_backends()) {
    const polyloop::scoped_context scope{.backend = *each, .workers = 4, .oversubscribe = true};
    std::atomic<int> count{0};
    polyloop::parallel_for(1000, [&](int) { ++count; }, {.schedule = polyloop::schedule::dynamic(3)});
    if (count == 1000) continue;
    std::printf("%s: %d of 1000 iterations\n", when, count.load());
    std::_Exit(1);
  }
}

struct looping {
  looping() { loop_on_all("constructor"); }
  ~looping() { loop_on_all("destructor"); }
};

const looping before_main;

}  // namespace

int main() {
  static const looping in_main;
  loop_on_all("main");
  std::puts("finished");
}
