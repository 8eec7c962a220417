#pragma once

#include <atomic>
#include <mutex>

#include "shared_loop.hpp"

namespace polyloop::detail {

/// The loops that want more helpers than they found, the oldest first. Thread-safe.
class open_loops {
 public:
  void post(shared_loop& work) noexcept {
    {
      const std::lock_guard hold(lock_);
      shared_loop** last = &first_;
      while (*last != nullptr) last = &(*last)->next_open;
      *last = &work;
      number_.fetch_add(1, std::memory_order_relaxed);
    }
    posts_.fetch_add(1, std::memory_order_seq_cst);
  }
  void withdraw(shared_loop& work) noexcept {
    const std::lock_guard hold(lock_);
    shared_loop** before = &first_;
    while (*before != &work) before = &(*before)->next_open;
    *before = work.next_open;
    number_.fetch_sub(1, std::memory_order_relaxed);
  }

  /// Calls visit(loop) for each with chunks left, until it returns true; returns
  /// that one, or nullptr. While visit runs no loop is withdrawn.
  template <class Visit>
  shared_loop* find(const Visit& visit) {
    if (number_.load(std::memory_order_relaxed) == 0) return nullptr;
    const std::lock_guard hold(lock_);
    for (shared_loop* each = first_; each != nullptr; each = each->next_open)
      if (!each->drained() && visit(*each)) return each;
    return nullptr;
  }

  /// Counts what was posted: who saw the number before it looked, and sees
  /// another before it goes, has to look again.
  unsigned posts() const noexcept { return posts_.load(std::memory_order_seq_cst); }

 private:
  std::mutex lock_;
  shared_loop* first_ = nullptr;
  std::atomic<int> number_{0};  // to be read without the lock
  std::atomic<unsigned> posts_{0};
};

}  // namespace polyloop::detail
