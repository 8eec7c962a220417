#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/claim.hpp"
#include "support/measure.hpp"

namespace polyloop::bench::loops {

/// A claim, whose text is that of its question, and the times behind it.
struct claim : bench::claim {
  double spread = 0;  // of `measured`, relative
  double ours = 0;    // seconds; 0 where nothing was timed
  double raw = 0;
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
