#pragma once

#include <vector>

#include "suite/results.hpp"

namespace polyloop::bench {

/// Checks the results of the kernel in each of the ways, measures all of them in
/// turn, checks once more, and adds a row for each to the results, and timelines
/// of those of ours that have the most workers. What was wrong is added to their
/// wrong_results.
void measure_rows(const instance& which, const std::vector<variant>& ways, const plan& how, results& to);

/// The cost of a launch in each of our ways and by hand, of a kernel that does next to nothing.
std::vector<launch> measure_launches(const instance& which, const std::vector<variant>& ours);

/// Those of the ways that the kernel has: ours, and the twins that are there.
std::vector<variant> possible(const std::vector<variant>& ways, const kernel& code);

}  // namespace polyloop::bench
