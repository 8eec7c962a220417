#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

namespace polyloop::detail {

/// What starting helpers costs on this machine, as measured while the program
/// runs. Thread-safe; in nanoseconds.
class launch_costs {
 public:
  /// The least work that is shared with helpers that are awake, by a caller whose
  /// loops come so far apart. A loop of fewer times the way to a helper gains
  /// nothing: there is the way back, and what the loop has in the caller's
  /// cache. In a pause the code and the data of a launch leave the caches. Where
  /// that is not enough for a loop, its call site learns so (site::shared).
  double least_awake(std::chrono::nanoseconds pause) const noexcept {
    const double at_once = std::max(1'500.0, 2.5 * awake_.load(std::memory_order_relaxed));
    return pause < std::chrono::microseconds(300) ? at_once : 1.2 * at_once;
  }
  /// The least work that helpers are woken for. As many times what waking
  /// takes: half of the loop is left to gain from, and who is woken comes with
  /// cold caches.
  double least_asleep() const noexcept { return worth_waking * waking(); }
  /// What the caller spends on having a thread woken.
  double call() const noexcept { return call_.load(std::memory_order_relaxed); }

  /// From an invitation to a helper that is awake until it works. More than a
  /// microsecond is not the way between two cores but a helper that had to wait
  /// for its own.
  void saw_awake(double nanoseconds) noexcept {
    awake_.store(static_cast<float>(std::min(nanoseconds, 1'000.0)), std::memory_order_relaxed);
  }
  /// Where loops that woke somebody took longer than they would have alone, the
  /// next ones have to hold more.
  void woke(bool gained) noexcept {
    const float doubt = doubt_.load(std::memory_order_relaxed);
    doubt_.store(std::clamp(gained ? doubt / 2 : doubt * 2, 1.0F, 16.0F), std::memory_order_relaxed);
  }
  /// A loop that would have been long enough but for that: doubt fades, so that
  /// waking is tried again.
  void did_not_wake_for(double nanoseconds) noexcept {
    const float doubt = doubt_.load(std::memory_order_relaxed);
    if (doubt > 1 && nanoseconds > least_asleep() / doubt)
      doubt_.store(std::max(1.0F, doubt * 0.97F), std::memory_order_relaxed);
  }

  /// The parts of waking a thread: what the caller spends on it, and the time
  /// from then on until the thread works.
  void saw_call(double nanoseconds) noexcept { take_in(call_, nanoseconds, 60'000); }
  void saw_arrival(double nanoseconds) noexcept { take_in(arrival_, nanoseconds, 200'000); }

 private:
  static constexpr double worth_waking = 1.5;

  double waking() const noexcept {
    return (arrival_.load(std::memory_order_relaxed) + call()) * doubt_.load(std::memory_order_relaxed);
  }

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
