#pragma once

namespace polyloop::detail {

/// Between those who hand out chunks and the profiler, on one thread: flags in
/// passing, which costs less than a call for each chunk.
struct hand_out {
  bool in_turn = false;     // the chunk that comes now is handed out by somebody who calls end_stretch()
  bool stolen = false;      // and was dealt to another worker
  bool unfinished = false;  // a stretch of chunks waits for end_stretch()
};
inline thread_local constinit hand_out next_chunk;

/// No further chunk follows at once on this thread.
void end_stretch() noexcept;

}  // namespace polyloop::detail
