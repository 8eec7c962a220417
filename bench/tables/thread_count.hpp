#pragma once

#include <string>

namespace polyloop::bench::tables {

/// What count_threads_of_callers found for the variant of this name; 0 where nothing was counted.
int counted_threads(const std::string& variant_name);

}  // namespace polyloop::bench::tables
