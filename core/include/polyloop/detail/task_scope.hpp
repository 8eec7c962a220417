#pragma once

#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>

#include "polyloop/detail/first_failure.hpp"
#include "polyloop/detail/task.hpp"
#include "polyloop/loop_options.hpp"

namespace polyloop {

/// What may be asked of a group of tasks; all of it optional.
struct task_options {
  /// Once a stop is requested, no more of the group's tasks are begun.
  std::stop_token stop = {};
  /// The same, when this time has come.
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
  /// What happens where tasks throw (error_policy.hpp). A task's index is its place in the order of the
  /// calls of spawn().
  std::optional<error_policy> errors = {};
};

namespace detail {

class task_pool;
class task_rules;
struct task_member;

/// A group of tasks as a pool sees it: how many there are, and what became of them.
class task_scope {
 public:
  task_scope();
  explicit task_scope(task_options options);
  task_scope(const task_scope&) = delete;
  task_scope& operator=(const task_scope&) = delete;
  ~task_scope();

  /// Takes the task over, whatever happens.
  void spawn(task* given);
  /// Returns when all have ended; throws what wait() of a group throws.
  loop_result wait();
  bool has_tasks() const noexcept { return spawned_.load(std::memory_order_relaxed) > 0; }
  /// No more tasks are begun.
  void abandon() noexcept { abandoned_.store(true, std::memory_order_relaxed); }

  // What follows is for the pool.

  bool is_inside(const task_scope* other) const noexcept {
    const task_scope* each = this;
    while (each != nullptr && each != other) each = each->around_;
    return each != nullptr;
  }
  /// Runs or drops the task, and ends it. Hazard: the group may be gone when this returns on a thread that
  /// is not the owner.
  void run(task& each) noexcept;
  bool is_owner() const noexcept;
  /// Whether all that were spawned have ended. For the owner:
  bool done() const noexcept {
    return finished_.load(std::memory_order_acquire) + finished_here_ == spawned_.load(std::memory_order_acquire);
  }
  /// For anybody: the same, once the owner has let know what it has ended itself.
  bool known_to_be_done() const noexcept {
    return finished_.load(std::memory_order_seq_cst) == spawned_.load(std::memory_order_seq_cst);
  }
  void let_know() noexcept {
    finished_.fetch_add(finished_here_, std::memory_order_seq_cst);
    finished_here_ = 0;
  }
  /// No task of the group that its owner has spawned is before that place of the owner's deque.
  std::int64_t lowest_place() const noexcept { return lowest_place_; }

 private:
  void push(task& given);
  void call(task& each);
  bool may_begin(index_t index) const;
  void end(task& each) noexcept;
  loop_result restart();

  const void* const owner_;
  const task_scope* const around_;  // whose task made this one
  task_member* const member_;       // as which that task ran; null outside of tasks
  task_pool& pool_;
  std::unique_ptr<task_rules> rules_;
  index_t finished_here_ = 0;  // by the owner
  std::int64_t lowest_place_ = std::numeric_limits<std::int64_t>::max();
  std::atomic<index_t> spawned_{0};
  std::atomic<index_t> finished_{0};  // by others
  std::atomic<index_t> dropped_{0};
  std::atomic<bool> abandoned_{false};
  first_failure failure_;
};

}  // namespace detail

}  // namespace polyloop
