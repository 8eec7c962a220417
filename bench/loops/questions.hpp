#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/measure.hpp"

namespace polyloop::bench::loops {

/// A figure and the bar that it must keep.
struct claim {
  double measured = 0;
  double bar = 0;
  bool at_most = true;
  std::string unit = {};
  double spread = 0;  // of `measured`, relative
  double ours = 0;    // seconds; 0 where nothing was timed
  double raw = 0;

  bool holds() const { return at_most ? measured <= bar : measured >= bar; }
};

/// What is claimed, and how to find out.
struct question {
  std::string text;
  std::function<claim()> answer;
};

/// The median of the first one's time over the second's, or of its inverse, the speed; measured in turn.
claim compared(const subject& first, const subject& second, const plan& how, bool speed);

/// About loops beside the same by hand, for the backends that are compiled in. Quick ones measure fewer
/// rounds.
std::vector<question> questions(bool quick);

/// About the profiler: what it costs, on and off.
std::vector<question> profiler_questions(bool quick);

}  // namespace polyloop::bench::loops
