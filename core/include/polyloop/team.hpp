#pragma once

#include "polyloop/backend.hpp"
#include "polyloop/function_ref.hpp"

namespace polyloop {

/// Runs a loop on a fork-join runtime: one that can start a team of threads and
/// wait for all of them, and no more (OpenMP, a pool of one's own). What such
/// runtimes lack is here: chunks by every schedule, and nested loops that use
/// idle members.
///
/// A nested loop starts no further threads. It is put on the board of the team
/// that its thread is a member of; members with nothing left to do in their own
/// loop take part in loops inside it. A thread that waits takes part in loops
/// inside the one it waits for only (isolation).
///
/// `fork(members, member)` must call member(0) on the calling thread and
/// member(1) .. member(members - 1) on others, and return when all have
/// returned; it may leave out any but member(0). `of` is the backend: members
/// of one backend's team are strangers to another's.
void run_in_team(const backend& of, const loop& work,
                 function_ref<void(int members, function_ref<void(int)> member)> fork);

}  // namespace polyloop
