#include "vocabulary/claims.hpp"

#include <algorithm>
#include <chrono>

#include "support/statistics.hpp"

namespace polyloop::bench::vocabulary {

namespace {

double seconds_of(const std::function<void()>& what) {
  const auto start = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double ratio_in_turn(int rounds, const std::function<void()>& first, const std::function<void()>& second) {
  first();  // warm up
  second();
  std::vector<double> each;
  for (int round = 0; round < rounds; ++round) {
    const bool turned = round % 2 != 0;
    const double before = seconds_of(turned ? second : first);
    const double after = seconds_of(turned ? first : second);
    each.push_back(turned ? after / before : before / after);
  }
  return median(each);
}

}  // namespace polyloop::bench::vocabulary
