#include "vocabulary/ratio.hpp"

#include <array>

#include "support/measure.hpp"
#include "support/statistics.hpp"

namespace polyloop::bench::vocabulary {

// Each begins with workers of its own awake, and those of the other asleep.
double ratio_in_turn(int rounds, const std::function<void()>& first, const std::function<void()>& second) {
  const std::array subjects{subject{repeated(first), 2}, subject{repeated(second), 2}};
  const std::vector<samples> taken =
      measure_in_turn(subjects, {.most_rounds = rounds, .least_rounds = rounds, .sample_seconds = 5e-3});
  return median(ratios(taken[0], taken[1]));
}

}  // namespace polyloop::bench::vocabulary
