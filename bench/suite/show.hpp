#pragma once

#include <iosfwd>

#include "suite/baseline.hpp"
#include "suite/results.hpp"

namespace polyloop::bench {

/// The environment and what the kernels work on, a table with a row for each
/// way, the best way for each kernel, and what disturbed the run.
void show(std::ostream& out, const results& all);

/// Which rows are slower or faster than in the older run. Returns how many are slower.
std::size_t show(std::ostream& out, const baseline_comparison& made, double threshold);

}  // namespace polyloop::bench
