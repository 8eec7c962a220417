#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "suite/measure_kernel.hpp"

namespace polyloop::bench {

/// A worker's chunk of iterations [first, last), and when it ran: microseconds
/// from the first chunk's begin.
struct timeline_span {
  int worker = 0;
  double begin_us = 0;
  double end_us = 0;
  index_t first = 0;
  index_t last = 0;
};

/// Who ran what when, in one run of a kernel.
struct timeline {
  std::string kernel;
  index_t size = 0;
  variant how;
  std::vector<timeline_span> spans;
};

/// Runs the kernel once with its workers awake and watches the chunks of its
/// outermost loops. No spans where there are more than `most`: nobody could read
/// them, and watching so many would be most of what is seen.
timeline record_timeline(const instance& which, const variant& how, std::size_t most = 2000);

void to_json(nlohmann::ordered_json& to, const timeline& from);

}  // namespace polyloop::bench
