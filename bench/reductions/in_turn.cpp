#include "reductions/table.hpp"
#include "support/measure.hpp"
#include "support/statistics.hpp"

namespace polyloop::bench::reductions_bench {

std::vector<double> medians_in_turn(int rounds, const std::vector<std::function<void()>>& calls) {
  std::vector<subject> subjects;
  for (const auto& call : calls) subjects.push_back({repeated(call), 2});
  std::vector<double> medians;
  for (const samples& taken : measure_in_turn(subjects, {.most_rounds = rounds, .least_rounds = rounds}))
    medians.push_back(median(taken));
  return medians;
}

}  // namespace polyloop::bench::reductions_bench
