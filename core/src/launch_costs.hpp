#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

namespace polyloop::detail {

/// What starting helpers costs on this machine, as measured while the program
/// runs. Thread-safe; in nanoseconds.
class launch_costs {
 public:
  /// From an invitation to a helper that is awake until it works.
  double awake() const noexcept { return awake_.load(std::memory_order_relaxed); }
  /// What the caller spends on having a thread woken.
  double call() const noexcept { return call_.load(std::memory_order_relaxed); }
  /// From that call until the thread works.
  double arrival() const noexcept { return arrival_.load(std::memory_order_relaxed); }

  /// More than a microsecond is not the way between two cores but a helper that
  /// had to wait for its own.
  void saw_awake(double nanoseconds) noexcept {
    awake_.store(static_cast<float>(std::min(nanoseconds, 1'000.0)), std::memory_order_relaxed);
  }
  /// Both, and what experience adds to it: where loops that woke somebody took
  /// longer than they would have alone, the next ones have to hold more.
  double waking() const noexcept { return (arrival() + call()) * doubt_.load(std::memory_order_relaxed); }
  void woke(bool gained) noexcept {
    const float doubt = doubt_.load(std::memory_order_relaxed);
    doubt_.store(std::clamp(gained ? doubt / 2 : doubt * 2, 1.0F, 16.0F), std::memory_order_relaxed);
  }
  /// A loop that was not worth it for this reason: doubt fades, so that it is tried again.
  void did_not_wake_for(double nanoseconds) noexcept {
    const float doubt = doubt_.load(std::memory_order_relaxed);
    if (doubt > 1 && nanoseconds > waking() / doubt)
      doubt_.store(std::max(1.0F, doubt * 0.97F), std::memory_order_relaxed);
  }

  void saw_call(double nanoseconds) noexcept { take_in(call_, nanoseconds, 60'000); }
  void saw_arrival(double nanoseconds) noexcept { take_in(arrival_, nanoseconds, 200'000); }

 private:
  // A step towards what was seen, however far it is: that finds the median, and
  // one bad moment of the machine moves it no further than a good one.
  static void take_in(std::atomic<float>& belief, double seen, double most) noexcept {
    constexpr double step = 1.1;
    const double before = belief.load(std::memory_order_relaxed);
    const double next = seen > before ? before * step : before / step;
    belief.store(static_cast<float>(std::clamp(next, 500.0, most)), std::memory_order_relaxed);
  }

  // Until something was seen: what is usual on a server CPU.
  std::atomic<float> doubt_{1};
  std::atomic<float> awake_{400};
  std::atomic<float> call_{5'000};
  std::atomic<float> arrival_{40'000};
};

}  // namespace polyloop::detail
