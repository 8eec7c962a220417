// A loop with a data race, to see that ThreadSanitizer finds it; and one without.
#include <atomic>
#include <cstdio>
#include <cstring>
#include <polyloop/polyloop.hpp>
#include <vector>

int main(int, char** arguments) {
  const polyloop::scoped_context scope{.backend = arguments[1], .workers = 4, .oversubscribe = true};
  const bool racy = std::strcmp(arguments[2], "racy") == 0;
  std::vector<int> shared(1);
  std::vector<int> own(1000);
  std::atomic<int> safe{0};
  for (int round = 0; round < 50; ++round) {
    polyloop::parallel_for(1000,
                           [&](int i) {
                             if (racy) ++shared[0];
                             ++own[static_cast<std::size_t>(i)];
                             ++safe;
                           },
                           {.schedule = polyloop::schedule::dynamic(1 + round)});
    for (int& each : own) ++each;  // the caller after the join, before the next fork
  }
  std::printf("%d\n", own[0] + safe.load() + shared[0]);
}
