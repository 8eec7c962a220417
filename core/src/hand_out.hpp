#pragma once

namespace polyloop::detail {

/// How this thread came to the chunk that it is about to run: told to the
/// profiler by those who know, which costs less than asking them.
struct hand_out {
  bool at_once = false;  // right after another of the same loop: that one's end is this one's begin
  bool stolen = false;   // it was dealt to another worker
};
inline thread_local constinit hand_out next_chunk;

}  // namespace polyloop::detail
