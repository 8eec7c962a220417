#pragma once

#include <atomic>

/// How many more allocations of the tests succeed before one fails; negative: none does.
extern std::atomic<long> allocations_until_failure;
