#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "suite/interval.hpp"
#include "suite/measure_kernel.hpp"

namespace polyloop::bench {

/// What was measured of a kernel in one of the ways to run it.
struct row {
  std::string name = {};  // kernel/size/backend:tbb/workers:2/schedule:automatic
  std::string kernel = {};
  index_t size = 0;
  std::string input = {};
  variant how = {};

  summary seconds = {};  // of one run
  samples taken = {};    // a value for each round
  double bytes = 0;
  double operations = 0;
  double roofline_fraction = 0;
  std::string bound = {};  // "memory", "compute", or empty where neither is declared
  std::string checksum = {};
  bool checksum_holds = false;

  std::optional<interval> over_raw = {};  // our time over that of the twin, round by round
  std::optional<interval> speed_up = {};  // over ours on the serial backend

  double gb_per_second() const { return bytes / seconds.median / 1e9; }
  double gflop_per_second() const { return operations / seconds.median / 1e9; }
};

/// What starting and joining a loop costs that does nothing.
struct launch {
  variant how;
  interval nanoseconds;
};

void to_json(nlohmann::ordered_json& json, const row& from);
void to_json(nlohmann::ordered_json& json, const launch& from);

/// Reads back what to_json() wrote. Throws nlohmann::json::exception.
void from_json(const nlohmann::ordered_json& json, row& to);

/// "automatic", "static", "dynamic" or "guided".
std::string schedule_name(const schedule& how);

/// The schedule of that name; with its own default grain for 0.
/// Throws invalid_argument.
schedule schedule_named(const std::string& name, index_t grain);

/// kernel/size/backend:tbb/workers:2/schedule:dynamic/grain:64, or
/// kernel/size/raw:tbb/workers:2; without the grain where it is 0.
std::string row_name(const std::string& kernel, index_t size, const variant& how);

}  // namespace polyloop::bench
