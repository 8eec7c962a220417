#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "events.hpp"
#include "polyloop/context.hpp"
#include "polyloop/detail/task_scope.hpp"
#include "standing_loop.hpp"
#include "task_deque.hpp"
#include "task_member.hpp"
#include "worker_numbers.hpp"

namespace polyloop::detail {

/// Where the tasks of groups are that a thread has made outside of tasks, under one context, and those of the
/// groups inside them. Its owner, that thread, has the first deque; each helper has one.
class task_pool {
 public:
  /// As what this thread would make a group: as the member of a pool whose task it runs, or null.
  static task_member* member_here() noexcept;
  /// The pool for such a group. Without a member it is one that this thread has opened, or opens now, and
  /// that ends when all such groups have left.
  static task_pool& here(const task_member* member);
  void leave() noexcept;

  task_pool(const task_pool&) = delete;
  task_pool& operator=(const task_pool&) = delete;

  /// A group made outside of tasks has tasks from now on: called by any thread.
  void begin_group() noexcept;
  /// It has none any more: called by the owner.
  void end_group() noexcept;

  /// For any thread; returns the task's place in its deque.
  std::int64_t push(task& each);
  /// For the member that made the group: runs tasks of it, and of what is inside, until all have ended.
  void work_until_done(task_member& self, task_scope& group) noexcept;
  /// The same for the owner, outside of tasks.
  void wait_at_home(task_scope& group) noexcept;
  /// Somebody has ended the last task of a group.
  void announce() noexcept { events_.announce(); }
  bool is_shared() const noexcept { return workers_ > 1; }

 private:
  struct search;
  /// Of helpers of the crew.
  struct entrance {
    task_pool& pool;
    void operator()(index_t first, index_t last, int place) const noexcept;
  };

  explicit task_pool(const context& under);
  ~task_pool();
  bool suits(const context& now) const noexcept;
  std::int64_t push_from_outside(task& each);
  void call_somebody() noexcept;
  void open_for_helpers() noexcept;
  void serve(int place) noexcept;
  bool may_leave() noexcept;
  bool has_tasks() const noexcept;
  task* find(search& by, std::int64_t depth) noexcept;
  task* find_own(search& by) noexcept;
  bool run_one(search& by, std::int64_t depth) noexcept;
  void sleep(search& by, task_scope& group) noexcept;
  void wait_in_loop(task_member& self, task_scope& group);
  void take_part(task_scope& group) noexcept;
  task_deque& at(int place) const noexcept { return deques_[static_cast<std::size_t>(place)]; }

  const void* const owner_ = this_thread_mark();
  context inside_;      // what tasks run under
  const bool counted_;  // the owner holds a unit of the budget
  const bool nested_;
  const int workers_;
  crew* const crew_;
  const task_scope* const within_ = current_scope();
  home home_;
  int users_ = 0;  // groups of the owner
  const std::unique_ptr<task_deque[]> deques_;
  std::mutex outsiders_;
  task_deque from_outside_;
  worker_numbers places_;  // where no crew gives them
  std::mutex groups_lock_;
  int groups_ = 0;  // of the owner, that have tasks
  const entrance entrance_{*this};
  std::optional<standing_loop> helpers_;
  std::atomic<bool> closing_{false};
  std::atomic<bool> idle_{false};    // somebody could come, or sleeps, who could run tasks
  std::atomic<unsigned> calls_{0};   // how often such were called
  events own_events_;
  events& events_;
};

}  // namespace polyloop::detail
