#pragma once

#include <concepts>
#include <exception>
#include <functional>
#include <type_traits>
#include <utility>

#include "polyloop/detail/task_scope.hpp"

namespace polyloop {

/// Functions that run at the same time as each other and as the thread that gives them away:
///
///     void sort(span s) {
///       if (is_small(s)) return plain_sort(s);
///       task_group halves;
///       halves.spawn([&] { sort(left(s)); });
///       sort(right(s));
///       halves.wait();
///       merge(s);
///     }
///
/// - Tasks are run by the helpers of the backend in whose scope the group was made, within the
///   process's budget, and by wait(). The loops of a task share the same helpers, and a loop's body may have
///   groups. On a backend that lends no helpers to work that comes bit by bit (one that is no
///   crew_backend) tasks are begun by wait().
/// - Tasks may spawn further ones, into their own group or into one of their own.
/// - Isolation: a thread in wait() runs tasks of this group, and of groups and loops inside its tasks, and
///   nothing else. The caller may hold locks. Tasks need not run at the same time, so none may
///   wait for another by other means than wait().
/// - Exceptions: wait() throws that of the failing task that was spawned first. Tasks that were
///   spawned before it have all run; those that were spawned later, and had not yet begun, are dropped.
///   With an error_policy: as it says.
/// - A group belongs to the thread that made it: this one waits and destroys. It ends in the body, task or
///   scope in which it was made. spawn() may be called by the group's tasks, by what runs inside
///   them, and by others before wait() begins, at the same time.
/// - Cost: `./scripts/claims vocabulary` has it beside that of the runtimes' tasks. A group that no task has made
///   invites helpers, as a loop does.
///
/// Work stealing after M. Frigo, C. Leiserson, K. Randall: "The implementation of the Cilk-5
/// multithreaded language" (1998): owners of a deque lock it only where they meet a thief.
class task_group {
 public:
  task_group() = default;
  /// Throws invalid_argument for a policy that makes no sense.
  explicit task_group(task_options options) : tasks_(std::move(options)) {}
  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;

  /// Waits for the tasks. Without a wait() before, it throws what they have thrown, as wait() would;
  /// but while another exception is on its way it drops the tasks that have not begun, and what the
  /// others throw: only one exception can be under way.
  ~task_group() noexcept(false) {
    if (!tasks_.has_tasks()) return;
    if (std::uncaught_exceptions() == exceptions_before_) {
      tasks_.wait();
      return;
    }
    tasks_.abandon();
    try {
      tasks_.wait();
    } catch (...) {  // gives way to the one that is under way
    }
  }

  /// Has the function called once, on some thread, soon or in wait(). It is copied or moved, and destroyed
  /// when it has returned; with a policy that retries it may be called several times. What it returns is
  /// dropped. Throws what the copy throws, and std::bad_alloc. Lock-free on the owner's thread and in tasks.
  template <class Function>
  requires std::invocable<std::decay_t<Function>&> void spawn(Function&& function) {
    tasks_.spawn(detail::new_task(std::forward<Function>(function)));
  }

  /// Returns when all tasks have ended, those included that they spawned. The result counts those that
  /// have run; it is `stopped` where a stop kept some from it. Then the group is as new, but for a
  /// stop. Throws as described above; of a stop and an exception, the exception.
  loop_result wait() { return tasks_.wait(); }

 private:
  detail::task_scope tasks_;
  const int exceptions_before_ = std::uncaught_exceptions();
};

}  // namespace polyloop
