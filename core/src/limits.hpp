#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace polyloop::detail {

/// One of the limits on the number of workers of a process.
struct limit {
  std::string name;            ///< "affinity", "container quota", ...
  std::optional<int> workers;  ///< nothing: sets no limit
  std::string value;           ///< as the system states it: "150000/100000 us", "not set"
};

/// Where the limits are read; tests put files of their own there.
struct limit_sources {
  std::string cgroup_mount = "/sys/fs/cgroup";
  std::string cgroup_of_process = "/proc/self/cgroup";
};

/// CPU bandwidth quota of the process's control group or any group around it,
/// versions 1 and 2, rounded up to whole workers.
limit quota_limit(const limit_sources& sources = {});

/// CPUs that the process may run on.
limit affinity_limit();

/// A number of workers in an environment variable. Of a list (OMP_NUM_THREADS
/// "4,2") the first number counts. What is not a positive number throws
/// invalid_argument if `strict`, else sets no limit.
limit environment_limit(const char* variable, bool strict);

/// POLYLOOP_SPIN ("50us", "2ms", "0"): how long idle workers stay awake. Where
/// it is not set, 12 ms; 50 us where one of the limits is a quota, which spinning
/// would use up. Throws invalid_argument for what is no time.
std::chrono::nanoseconds process_spin(const std::vector<limit>& limits);

/// All limits of the process, in the order in which explain() tells them.
std::vector<limit> process_limits();

}  // namespace polyloop::detail
