#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suite/environment.hpp"
#include "suite/noise.hpp"
#include "suite/result.hpp"
#include "suite/roofline.hpp"
#include "suite/rounds.hpp"
#include "suite/timeline.hpp"

namespace polyloop::bench {

/// All that a run of the suite found out.
struct results {
  environment where = {};
  std::vector<warning> warnings = {};
  roofline roof = {};
  std::vector<row> rows = {};
  std::vector<repetitions> runs = {};  // of the rows, as Google Benchmark tells them
  std::vector<launch> launches = {};
  std::vector<timeline> timelines = {};
  std::vector<std::string> wrong_results = {};  // kernel, way, expected and found
};

/// Google Benchmark's JSON with the object "polyloop" beside its own.
nlohmann::ordered_json document_of(const results& from, bool aggregates_only = false);

}  // namespace polyloop::bench
