#pragma once

#include <atomic>
#include <chrono>

#include "polyloop/chunk_queue.hpp"
#include "profile/stretch.hpp"
#include "task_member.hpp"
#include "worker_numbers.hpp"

namespace polyloop::detail {

class crew;

/// Helpers that the loops of an outermost loop may still take.
class helper_tokens {
 public:
  explicit helper_tokens(int helpers) : free_(helpers) {}
  bool any() const noexcept { return free_.load(std::memory_order_relaxed) > 0; }
  bool take() noexcept {
    int free = free_.load(std::memory_order_relaxed);
    while (free > 0 && !free_.compare_exchange_weak(free, free - 1, std::memory_order_relaxed)) {
    }
    return free > 0;
  }
  void give() noexcept { free_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::atomic<int> free_;
};

/// What else there is to know of a loop. A standing one has no chunks: who enters it stays as long as there is
/// something to do, and may come back (standing_loop.hpp). Within a group: a task of it has led to the loop.
struct loop_nature {
  bool standing = false;
  const task_scope* within = current_scope();
};

/// A loop that a crew works on. It lives on its caller's stack, until the
/// caller has seen that nobody is in it or invited to it.
class shared_loop {
 public:
  /// An outermost loop with so many helpers of the budget to begin with; or one
  /// inside the loop `around`.
  shared_loop(const crew& of, const loop& work, int helpers, loop_nature nature = {})
      : work_(work),
        queue_(work_),
        numbers_(work.workers),
        nature_(nature),
        of_(of),
        root_(*this),
        helpers_(helpers),
        tokens_(helpers) {}
  shared_loop(const loop& work, shared_loop& around, loop_nature nature = {})
      : work_(work),
        queue_(work_),
        numbers_(work.workers),
        nature_(nature),
        of_(around.of_),
        around_(&around),
        root_(around.root_),
        tokens_(0) {}
  shared_loop(const shared_loop&) = delete;
  shared_loop& operator=(const shared_loop&) = delete;

  const loop& work() const noexcept { return work_; }
  const crew& of() const noexcept { return of_; }
  shared_loop& root() noexcept { return root_; }
  helper_tokens& tokens() noexcept { return root_.tokens_; }
  const void* first_read() const noexcept { return work_.chunk.target(); }
  const void* start_of(int worker) const noexcept { return queue_.start_of(worker); }

  bool is_inside(const shared_loop* other) const noexcept {
    const shared_loop* each = around_;
    while (each != nullptr && each != other) each = each->around_;
    return each != nullptr;
  }
  /// Whether a task of that group, or of one inside it, has led to this loop.
  bool is_inside(const task_scope& group) const noexcept {
    const shared_loop* each = this;
    while (each != nullptr && (!each->is_within(group))) each = each->around_;
    return each != nullptr;
  }

  /// Somebody is invited, or takes part; before leave() has come for each of
  /// them the loop must not end.
  void expect() noexcept { others_.fetch_add(1, std::memory_order_relaxed); }
  /// Hazard: the loop may be gone when this returns.
  void leave() noexcept { others_.fetch_sub(1, std::memory_order_seq_cst); }
  /// A helper leaves, or does not come: another may take its place. The same hazard.
  void dismiss() noexcept {
    tokens().give();
    leave();
  }
  bool alone() const noexcept { return others_.load(std::memory_order_seq_cst) == 0; }

  /// Takes and runs chunks until there are none.
  void run_chunks(int worker) noexcept {
    if (nature_.standing) [[unlikely]]
      return run_standing(worker);
    index_t first = 0;
    index_t last = 0;
    stretch observed;
    while (queue_.take(worker, first, last)) {
      next_chunk.goes_on = &observed;
      work_.chunk(first, last, worker);
    }
    if (observed.of != nullptr) [[unlikely]]
      observed.end();
    next_chunk = {};
    drained_.store(true, std::memory_order_relaxed);
  }
  bool drained() const noexcept { return drained_.load(std::memory_order_relaxed); }
  void set_drained(bool now) noexcept { drained_.store(now, std::memory_order_relaxed); }
  worker_numbers& numbers() noexcept { return numbers_; }

  /// Of an outermost loop: whether the budget may give it one more helper.
  bool may_grow() const noexcept { return helpers_ + granted < work_.workers - 1; }

  /// When threads were first asked for, if they were.
  void wakes_at(std::chrono::steady_clock::time_point now) noexcept {
    std::chrono::steady_clock::time_point never{};
    woken_at_.compare_exchange_strong(never, now, std::memory_order_relaxed);
  }
  bool was_woken() const noexcept { return woken_at() != std::chrono::steady_clock::time_point{}; }
  std::chrono::steady_clock::time_point woken_at() const noexcept {
    return woken_at_.load(std::memory_order_relaxed);
  }

  // Under the lock of the crew's open loops:
  int granted = 0;  // helpers that the budget gave later on
  shared_loop* next_open = nullptr;

 private:
  bool is_within(const task_scope& group) const noexcept {
    return nature_.within != nullptr && nature_.within->is_inside(&group);
  }
  void run_standing(int worker) noexcept {
    work_.chunk(0, 0, worker);
    numbers_.give_back(worker);
  }

  alignas(128) const loop work_;  // a copy: helpers find it beside the queue, not in yet another cache line
  chunk_queue queue_;
  worker_numbers numbers_;
  std::atomic<int> others_{0};
  std::atomic<bool> drained_{false};
  const loop_nature nature_;
  std::atomic<std::chrono::steady_clock::time_point> woken_at_{};
  const crew& of_;
  shared_loop* const around_ = nullptr;
  shared_loop& root_;
  const int helpers_ = 0;
  helper_tokens tokens_;
};

}  // namespace polyloop::detail
