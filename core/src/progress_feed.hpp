#pragma once

#include <algorithm>
#include <atomic>

#include "polyloop/progress.hpp"

namespace polyloop::detail {

/// Tells a counter of the iterations of a loop, in portions: word of each chunk would
/// cost a loop of cheap iterations some per cent.
class progress_feed {
 public:
  static constexpr double portion_nanoseconds = 100'000;

  /// `believed`: what an element takes, in nanoseconds; 0: not known.
  progress_feed(progress_counter& to, index_t elements_per_iteration, double believed)
      : to_(to),
        elements_(elements_per_iteration),
        portion_(iterations_of(believed * static_cast<double>(elements_per_iteration))) {}

  /// Iterations that are believed to take 100 us; 1 where nothing is known.
  index_t portion() const noexcept { return portion_; }

  void ran(index_t iterations) {
    if (pending_.fetch_add(iterations, std::memory_order_relaxed) + iterations >= portion_) flush();
  }
  void flush() {
    const index_t all = pending_.exchange(0, std::memory_order_relaxed);
    if (all > 0) to_.add(all * elements_);
  }

 private:
  static index_t iterations_of(double believed) {
    if (believed <= 0) return 1;
    return static_cast<index_t>(std::clamp(portion_nanoseconds / believed, 1.0, 1e9));
  }

  progress_counter& to_;
  const index_t elements_;
  const index_t portion_;
  alignas(64) std::atomic<index_t> pending_{0};
};

}  // namespace polyloop::detail
