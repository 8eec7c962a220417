#pragma once

#include <string>
#include <vector>

#include "suite/measure_kernel.hpp"

namespace polyloop::bench {

/// What one run in each of the ways left behind.
struct verdict {
  std::string checksum;  // sixteen hexadecimal digits
  std::string problem;   // empty where it is the expected one; else names kernel, way, expected and found
};

/// Runs the kernel once in each of the ways and looks at the results: ours
/// against the checksum that the kernel expects, or else against that of the
/// reference, the first backend's plain run with one worker (the serial
/// backend, where it is compiled in); the twins against the reference's
/// numbers, or its checksum. Throws what the kernel throws.
std::vector<verdict> check_results(const instance& which, const std::vector<variant>& ways);

}  // namespace polyloop::bench
