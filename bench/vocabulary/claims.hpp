#pragma once

#include <functional>
#include <string>
#include <vector>

namespace polyloop::bench::vocabulary {

/// A figure that was measured, beside the bar that it has to reach.
struct claim {
  std::string text;
  double measured;
  double bar;
  bool at_most;  // or at least
  std::string unit;
};

/// Times two things in turn, again and again; the median of the ratios first / second.
double ratio_in_turn(int rounds, const std::function<void()>& first, const std::function<void()>& second);

}  // namespace polyloop::bench::vocabulary
