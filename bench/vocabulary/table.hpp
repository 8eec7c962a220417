#pragma once

#include <vector>

#include "support/claim_program.hpp"
#include "vocabulary/ratio.hpp"

namespace polyloop::bench::vocabulary {

// Each thing has a file of its name.
std::vector<claim> scan_claims();
std::vector<claim> find_claims();
std::vector<claim> task_claims();
std::vector<claim> queue_claims();
std::vector<claim> ordered_map_claims();
std::vector<claim> progress_claims();

inline constexpr claim_entry entries[] = {
    {"scan", scan_claims},
    {"find", find_claims},
    {"queue", queue_claims},
    {"ordered_map", ordered_map_claims},
    {"progress", progress_claims},
    {"tasks", task_claims},
};

}  // namespace polyloop::bench::vocabulary
