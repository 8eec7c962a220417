#pragma once

#include <vector>

#include "polyloop/bench.hpp"

namespace polyloop::bench {

/// Loops that want to be run in different ways: one that is over at once, one
/// that waits for memory, one that computes, one whose last iterations are the
/// dear ones, and one with loops in it.
std::vector<kernel_family> loops_of_five_kinds();

}  // namespace polyloop::bench
