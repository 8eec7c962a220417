#pragma once

#include "polyloop/index.hpp"

/// How much the tests try. Sanitizers make everything some ten times as slow: their builds look at a part of
/// what the others do. Races need workers, and are the same with every number of them.
namespace effort {

#if defined(POLYLOOP_SANITIZED_THREAD)
inline constexpr int numbers_of_workers[] = {3};
inline constexpr int some_numbers_of_workers[] = {3};
inline constexpr unsigned random_tables = 40;
inline constexpr polyloop::index_t many_strings = 120'000;
#elif defined(POLYLOOP_SANITIZED)
inline constexpr int numbers_of_workers[] = {1, 3};
inline constexpr int some_numbers_of_workers[] = {1, 3};
inline constexpr unsigned random_tables = 60;
inline constexpr polyloop::index_t many_strings = 120'000;
#else
inline constexpr int numbers_of_workers[] = {1, 2, 3, 4, 5, 6, 7, 8};
inline constexpr int some_numbers_of_workers[] = {1, 2, 4, 8};
inline constexpr unsigned random_tables = 120;
/// More than the first part of a column, whose strings are learnt as its keys.
inline constexpr polyloop::index_t many_strings = 1'500'000;
#endif

}  // namespace effort
