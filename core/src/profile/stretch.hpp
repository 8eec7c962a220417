#pragma once

#include <cstdint>

#include "polyloop/index.hpp"
#include "polyloop/profile.hpp"

namespace polyloop::detail {

class observation;
class thread_log;

/// A point in time, and what the hardware had counted until then.
struct moment {
  profile::time_point at = {};
  profile::hardware_counts counts = {};
};

/// Chunks of a loop that a worker runs one right after the other, each beginning
/// with the iteration that the last one ended with: while nobody but the recording
/// watches, they have one look at the clock and one record together.
struct stretch {
  observation* of = nullptr;  // null: none has begun
  thread_log* log = nullptr;
  std::uint64_t around = 0;  // the loop whose chunk this thread was in
  index_t first = 0;
  index_t last = 0;
  moment begin = {};
  std::uint32_t chunks = 0;
  int worker = 0;
  bool shared = false;
  bool stolen = false;

  /// No further chunk follows at once.
  void end();
};

/// What those who hand out chunks tell the profiler of the next one on this
/// thread, in passing, which costs less than a call for each chunk.
struct hand_out {
  stretch* goes_on = nullptr;  // may go on with it; whoever hands out will end it
  bool stolen = false;         // it was dealt to another worker
};
inline thread_local constinit hand_out next_chunk;

}  // namespace polyloop::detail
