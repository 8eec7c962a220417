#include "support/quiet.hpp"

#include <chrono>
#include <ctime>
#include <thread>

namespace polyloop::bench {

void wait_until_quiet() {
  wait_until_quiet([] { return 0.0; });
}

void wait_until_quiet(const std::function<double()>& others) {
  const auto seconds = [&others] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC + others(); };
  constexpr std::chrono::milliseconds look(5);
  constexpr int most_looks = 200;
  constexpr double spinning = 1e-3;  // of CPU time between two looks
  for (int looks = 0; looks < most_looks; ++looks) {
    const double before = seconds();
    std::this_thread::sleep_for(look);
    if (seconds() - before < spinning) return;
  }
}

}  // namespace polyloop::bench
