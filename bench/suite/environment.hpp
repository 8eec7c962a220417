#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "suite/caches.hpp"

namespace polyloop::bench {

/// Where and with what a run took place. What the system does not tell is empty.
struct environment {
  std::string cpu;
  int cpus = 0;
  std::vector<cache> all_caches;
  std::string governor;
  std::string affinity;
  std::string quota;
  std::string compiler;
  std::string flags;
  std::vector<std::pair<std::string, std::string>> libraries;
  std::string commit;
  std::string system;
  std::string date;  // ISO 8601, UTC
};

environment this_environment();

void to_json(nlohmann::ordered_json& to, const environment& from);

}  // namespace polyloop::bench
