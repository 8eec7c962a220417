#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

#include "polyloop/index.hpp"

namespace polyloop {

/// How far a piece of work has come.
struct progress_report {
  index_t done = 0;
  index_t total = 0;  ///< 0: not known
  std::chrono::nanoseconds elapsed{0};
  /// How much longer it will take if it goes on as until now; nothing where the total is not known.
  std::optional<std::chrono::nanoseconds> remaining = {};
  bool finished = false;  ///< the last report: done is total
};

/// Counts what loops and pipelines have done, and tells of it now and then:
///
///     progress_counter rows(n, [](const progress_report& now) { draw_bar(now.done, now.total); });
///     parallel_for(n, body, {.progress = &rows});
///
/// Several loops may feed one counter, at once or one after the other: `total` is that of all
/// of them. Each loop adds its iterations (cells of a grid, elements of a reduction, items of a
/// pipeline) soon after they have run. `done` grows from report to report. The report of 100 %
/// comes exactly once, when all is done: not for work that was stopped, or threw before its end.
///
/// Reports come at most once in `interval`, on whichever thread has just done something, one at a
/// time; the others go on meanwhile. What `show` throws ends the loop, as if an iteration
/// had thrown it. A loop that feeds a counter looks at the clock about every 100 us.
class progress_counter {
 public:
  using show_function = std::function<void(const progress_report&)>;
  static constexpr std::chrono::nanoseconds usual_interval = std::chrono::milliseconds(100);

  /// `total`: how much there is to do; 0 where that is not known. Throws
  /// invalid_argument for negative ones.
  explicit progress_counter(index_t total, show_function show = {},
                            std::chrono::nanoseconds interval = usual_interval);
  progress_counter(const progress_counter&) = delete;
  progress_counter& operator=(const progress_counter&) = delete;

  /// So much more is done. Thread-safe; some 30 ns, so rather once for many small steps.
  void add(index_t more) { add(more, std::chrono::steady_clock::now()); }
  /// The same for those who have just looked at the clock.
  void add(index_t more, std::chrono::steady_clock::time_point now);

  /// Where the total was not known: this was all. Gives the last report, once.
  void finish();

  index_t done() const noexcept { return done_.load(std::memory_order_relaxed); }
  index_t total() const noexcept { return total_; }

 private:
  void show_some(std::chrono::steady_clock::time_point now);
  void show_last(index_t total);
  progress_report report_of(index_t done, std::chrono::steady_clock::time_point now) const;

  const index_t total_;
  const show_function show_;
  const std::chrono::steady_clock::duration interval_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<index_t> done_{0};
  std::atomic<std::chrono::steady_clock::time_point> next_;  // no report before
  std::mutex showing_;
  bool finished_ = false;  // under the lock
};

}  // namespace polyloop
