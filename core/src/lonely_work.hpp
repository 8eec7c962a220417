#pragma once

#include <optional>

#include "time.hpp"

namespace polyloop::detail {

/// Loops that a thread ran alone one soon after the other: had the helpers been
/// awake, they would have stayed so from each to the next.
class lonely_work {
 public:
  static lonely_work& of_this_thread() noexcept {
    static thread_local constinit lonely_work mine;
    return mine;
  }

  double nanoseconds() const noexcept { return nanoseconds_; }
  void forget() noexcept { nanoseconds_ = 0; }
  /// So many loops of that length ended now, by a thread whose helpers would
  /// stay awake for that time after each.
  void add(std::chrono::nanoseconds work, int times, std::chrono::nanoseconds spin) noexcept {
    const auto now = clock::now();
    const bool soon = last_ && (now - *last_) / times - work < spin;
    nanoseconds_ = soon ? nanoseconds_ + times * static_cast<double>(work.count()) : 0;
    last_ = now;
  }

 private:
  double nanoseconds_ = 0;
  std::optional<clock::time_point> last_;  // when the last one ended
};

}  // namespace polyloop::detail
