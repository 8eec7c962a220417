#pragma once

#include <cstdint>

namespace polyloop::bench::vocabulary {

inline constexpr int queue_capacity = 1024;
inline constexpr int queue_sides = 2;  // producers, and as many consumers
inline constexpr std::int64_t values_of_a_producer = 200'000;

/// All values through a queue of another library, by threads begun for it; returns what came out, summed up.
std::int64_t tbb_exchange();

}  // namespace polyloop::bench::vocabulary
