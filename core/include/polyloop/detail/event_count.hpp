#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>

#include "polyloop/function_ref.hpp"

namespace polyloop::detail {

/// How a wait ended.
enum class awaited : unsigned char { ready, timed_out, stopped };

/// Lets threads sleep until something that they look at without a lock may
/// have changed (an "event count": D. Reed and R. Kanodia, "Synchronization
/// with eventcounts and sequencers", 1979). A notification costs one load
/// while nobody sleeps.
///
/// Who changes the thing does so by a sequentially consistent operation (or
/// under a lock), then notifies; `ready` looks in the same manner.
class event_count {
 public:
  void notify_all() noexcept {
    if (sleepers_.load() > 0) wake();
  }

  /// Calls ready() until it is true; it is asked once more after a stop or a
  /// deadline. What it throws reaches the caller.
  awaited wait(function_ref<bool()> ready, const std::stop_token& stop,
               std::optional<std::chrono::steady_clock::time_point> deadline);

 private:
  void wake() noexcept;
  awaited sleep(std::uint64_t seen, const std::stop_token& stop,
                std::optional<std::chrono::steady_clock::time_point> deadline);

  std::atomic<int> sleepers_{0};
  std::atomic<std::uint64_t> epoch_{0};  // written under the mutex
  std::mutex mutex_;
  std::condition_variable_any changed_;
};

}  // namespace polyloop::detail
