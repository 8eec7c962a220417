#pragma once

#include <functional>

namespace polyloop::bench {

/// Sleeps until no thread of this process spins any more; a second at most.
/// The workers of a runtime stay awake for a while after a loop (those of
/// oneTBB for about 100 us, of libgomp for some milliseconds, of libomp for
/// 200 ms), and where they have no CPU of their own they slow down whoever
/// comes next.
void wait_until_quiet();
/// The same, and until no other process does for whose seconds of CPU time `others` is asked: some free
/// memory and tidy up after they have answered.
void wait_until_quiet(const std::function<double()>& others);

}  // namespace polyloop::bench
