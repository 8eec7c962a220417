#pragma once

#include "polyloop/profile.hpp"

namespace polyloop::detail {

/// Cycles, instructions and cache misses of the thread that opened them, by
/// perf_event_open. Stays closed where the kernel, or the machine, has none to give.
class hardware_counters {
 public:
  hardware_counters() = default;
  hardware_counters(const hardware_counters&) = delete;
  hardware_counters& operator=(const hardware_counters&) = delete;
  ~hardware_counters() { close(); }

  /// On the thread to be counted.
  void open() noexcept;
  void close() noexcept;
  bool is_open() const noexcept { return leader_ >= 0; }
  /// Since open(); on any thread.
  profile::hardware_counts read() const noexcept;

 private:
  int leader_ = -1;
  int others_[2] = {-1, -1};
};

}  // namespace polyloop::detail
