#pragma once

#include <vector>

#include "support/claim_program.hpp"
#include "vocabulary/ratio.hpp"

namespace polyloop::bench::vocabulary {

// What is claimed of the things of the vocabulary. Each has a file of the name that it begins with.
std::vector<claim> scan_claims();
std::vector<claim> find_claims();
std::vector<claim> task_claims();
std::vector<claim> queue_claims();
std::vector<claim> ordered_map_claims();
std::vector<claim> progress_claims();
std::vector<claim> small_sort_claims();
std::vector<claim> sort_claims();
std::vector<claim> large_sort_claims();

inline constexpr claim_entry entries[] = {
    {"scan", scan_claims},
    {"find", find_claims},
    {"queue", queue_claims},
    {"ordered_map", ordered_map_claims},
    {"progress", progress_claims},
    {"tasks", task_claims},
    {"sort of 1e5", small_sort_claims},
    {"sort of 1e7", sort_claims},
    {"sort of 1e8", large_sort_claims},
};

}  // namespace polyloop::bench::vocabulary
