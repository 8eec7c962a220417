#pragma once

#include "polyloop/detail/task_scope.hpp"

namespace polyloop::detail {

class shared_loop;

/// A thread that runs tasks of a pool.
struct task_member {
  task_pool* pool;
  int place;                 // of its deque
  const task_scope* inside;  // whose task it runs
};

/// What this thread is in the pool whose task it runs; null outside of tasks.
inline thread_local constinit task_member* current_member = nullptr;

/// Tells threads that live at the same time.
inline const void* this_thread_mark() noexcept {
  return &current_member;
}

/// The group whose task this thread is in, if any.
inline const task_scope* current_scope() noexcept {
  return current_member != nullptr ? current_member->inside : nullptr;
}

/// A pool on the thread that opened it: outside of its tasks, but the loops that the thread starts while there
/// are tasks share the pool's helpers.
struct home {
  task_pool* pool;
  shared_loop* around;             // the loop whose chunk this thread was in, when the pool was opened
  shared_loop* helpers = nullptr;  // what the pool's helpers are in, while it has some
  home* next = nullptr;
};

/// The pools that this thread has opened, the newest first.
inline thread_local constinit home* first_home = nullptr;

}  // namespace polyloop::detail
