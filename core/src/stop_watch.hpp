#pragma once

#include <atomic>
#include <optional>
#include <stop_token>

#include "polyloop/detail/asked_to_stop.hpp"
#include "polyloop/loop_options.hpp"
#include "time.hpp"

namespace polyloop::detail {

/// Why a loop may end early, and how far it came.
class stop_watch {
 public:
  explicit stop_watch(const loop_options& options)
      : token_(options.stop), deadline_(options.deadline), watching_(token_.stop_possible() || deadline_) {}

  bool watching() const { return watching_; }
  bool due() {
    if (stopped_.load(std::memory_order_relaxed)) return true;
    if (!asked_to_stop(token_, deadline_)) return false;
    stopped_.store(true, std::memory_order_relaxed);
    return true;
  }

 private:
  const std::stop_token& token_;
  const std::optional<clock::time_point>& deadline_;
  const bool watching_;
  std::atomic<bool> stopped_{false};
};

}  // namespace polyloop::detail
