#pragma once

#include <functional>

#include "kernels/raw.hpp"
#include "polyloop/bench.hpp"

namespace polyloop::bench {

/// Gives the kernel a twin for each runtime that the baselines know: run() gets
/// the loops by hand for it.
void add_twins(kernel& made, const std::function<void(const raw_kernels& by_hand)>& run);

}  // namespace polyloop::bench
