#pragma once

namespace polyloop::bench {

/// Sleeps until no thread of this process spins any more; a second at most.
/// The workers of a runtime stay awake for a while after a loop (those of
/// oneTBB for about 100 us, of libgomp for some milliseconds, of libomp for
/// 200 ms), and where they have no CPU of their own they slow down whoever
/// comes next.
void wait_until_quiet();

}  // namespace polyloop::bench
