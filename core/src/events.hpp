#pragma once

#include <atomic>

namespace polyloop::detail {

/// Where callers sleep until something may have changed for them. Thread-safe.
class events {
 public:
  void announce() noexcept {
    if (sleepers_.load(std::memory_order_seq_cst) == 0) return;
    count_.fetch_add(1, std::memory_order_release);
    count_.notify_all();
  }
  /// Sleeps until the next event, unless done(). What makes done() true is
  /// announced after it, both in the one order of all that is seq_cst.
  template <class Done>
  void sleep_unless(const Done& done) noexcept {
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    const unsigned seen = count_.load(std::memory_order_acquire);
    if (!done()) count_.wait(seen, std::memory_order_acquire);
    sleepers_.fetch_sub(1, std::memory_order_seq_cst);
  }

 private:
  std::atomic<int> sleepers_{0};
  std::atomic<unsigned> count_{0};
};

}  // namespace polyloop::detail
