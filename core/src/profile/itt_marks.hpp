#pragma once

namespace polyloop::detail {

/// Marks every chunk as a task of Intel's Instrumentation and Tracing Technology,
/// from now to the end of the process, if a collector such as VTune runs the
/// program. There only in builds with POLYLOOP_ITT.
void attach_itt_marks();

}  // namespace polyloop::detail
