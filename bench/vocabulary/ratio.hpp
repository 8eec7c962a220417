#pragma once

#include <functional>

namespace polyloop::bench::vocabulary {

/// Times two things in turn, again and again; the median of the ratios first / second.
double ratio_in_turn(int rounds, const std::function<void()>& first, const std::function<void()>& second);

}  // namespace polyloop::bench::vocabulary
