// A loop with a data race, to see that ThreadSanitizer finds it; and one without.
#include <atomic>
#include <cstdio>
#include <cstring>
#include <polyloop/polyloop.hpp>
#include <thread>
#include <vector>

namespace {

// Waits for a second thread, so that two of them surely meet. Relaxed, for it
// must not order them.
void wait_for_company() {
  static std::atomic<int> arrived{0};
  static thread_local bool here = false;
  if (!here) arrived.fetch_add(1, std::memory_order_relaxed);
  here = true;
  while (arrived.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
}

}  // namespace

int main(int, char** arguments) {
  const polyloop::scoped_context scope{.backend = arguments[1], .workers = 4, .oversubscribe = true};
  const bool racy = std::strcmp(arguments[2], "racy") == 0;
  std::vector<int> shared(1);
  std::vector<int> own(1000);
  std::atomic<int> safe{0};
  const auto body = [&](int i) {
    ++own[static_cast<std::size_t>(i)];
    if (!racy) {
      ++safe;
      return;
    }
    wait_for_company();
    ++shared[0];
  };
  for (int round = 0; round < 50; ++round) {
    polyloop::parallel_for(1000, body, {.schedule = polyloop::schedule::dynamic(1 + round)});
    for (int& each : own) ++each;  // the caller after the join, before the next fork
  }
  std::printf("%d\n", own[0] + safe.load() + shared[0]);
}
