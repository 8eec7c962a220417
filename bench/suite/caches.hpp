#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace polyloop::bench {

/// A cache of the first CPU, as Linux tells it.
struct cache {
  int level = 1;
  std::string type;  // "Data", "Instruction" or "Unified"
  std::size_t bytes = 0;
};

/// All of them; none where the system does not tell.
std::vector<cache> caches(const std::string& folder = "/sys/devices/system/cpu/cpu0/cache");

/// The size of the largest; a guess of 32 MiB where the system does not tell.
std::size_t last_cache_bytes();

}  // namespace polyloop::bench
