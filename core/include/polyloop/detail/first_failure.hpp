#pragma once

#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <utility>

#include "polyloop/index.hpp"

namespace polyloop::detail {

/// The exception of the lowest failing index so far. Thread-safe.
class first_failure {
 public:
  bool any() const noexcept { return above(std::numeric_limits<index_t>::max()); }
  /// Whether a lower index has failed.
  bool above(index_t index) const noexcept { return index > lowest_.load(std::memory_order_relaxed); }
  /// Of one index the first exception counts.
  void record(index_t index, std::exception_ptr what) {
    const std::lock_guard hold(lock_);
    if (what_ != nullptr && !(index < lowest_.load(std::memory_order_relaxed))) return;
    lowest_.store(index, std::memory_order_relaxed);
    what_ = std::move(what);
  }
  /// When all who might fail have ended. Then it is as new.
  void rethrow_if_any() {
    if (what_ == nullptr) return;
    lowest_.store(std::numeric_limits<index_t>::max(), std::memory_order_relaxed);
    std::rethrow_exception(std::exchange(what_, nullptr));
  }

 private:
  std::atomic<index_t> lowest_{std::numeric_limits<index_t>::max()};
  std::mutex lock_;
  std::exception_ptr what_;
};

}  // namespace polyloop::detail
