#include "support/quiet.hpp"

#include <chrono>
#include <ctime>
#include <thread>

namespace polyloop::bench {

void wait_until_quiet() {
  constexpr std::chrono::milliseconds look(5);
  constexpr int most_looks = 200;
  constexpr double spinning = 1e-3;  // of CPU time between two looks
  for (int looks = 0; looks < most_looks; ++looks) {
    const std::clock_t before = std::clock();
    std::this_thread::sleep_for(look);
    if (static_cast<double>(std::clock() - before) < spinning * CLOCKS_PER_SEC) return;
  }
}

}  // namespace polyloop::bench
