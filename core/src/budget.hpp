#pragma once

#include <atomic>
#include <chrono>
#include <vector>

#include "limits.hpp"

namespace polyloop::detail {

/// The one CPU budget of the process. A loop's calling thread takes a unit and
/// one for each helper it gets. A caller is never made to wait for its own:
/// whoever has the unit may wait for a lock of the caller's. Helpers are only
/// given what is free, so all loops together have fewer of them than the limit,
/// and none where the callers alone use it up.
class budget {
 public:
  /// Reads the limits of the process at the first call. Throws invalid_argument
  /// for an environment variable that is no number.
  static budget& of_process();

  int limit() const noexcept { return limit_; }
  const std::vector<detail::limit>& limits() const noexcept { return limits_; }
  /// The limit that the number of workers comes from.
  const detail::limit& tightest() const noexcept { return limits_[tightest_]; }

  /// How long helpers stay awake after a loop, where no scope says otherwise.
  std::chrono::nanoseconds spin() const noexcept { return spin_; }
  /// Whether a thread that holds a unit or not could get a helper.
  bool has_helper(bool counted) const noexcept {
    return used_.load(std::memory_order_relaxed) + (counted ? 0 : 1) < limit_;
  }
  /// Whether callers alone use all of it up: no helper will be wanted until one of them ends.
  bool is_full_of_callers() const noexcept { return callers_.load(std::memory_order_relaxed) >= limit_; }
  /// A thread begins (+1) or ends (-1) an outermost loop.
  void count_caller(int change) noexcept { callers_.fetch_add(change, std::memory_order_relaxed); }

  /// Takes `own` units for the caller and up to `wanted` for helpers, as many
  /// as are free; returns the number of helpers.
  int take(int own, int wanted) noexcept;
  /// Takes the same, free or not.
  void force(int units) noexcept { used_.fetch_add(units, std::memory_order_relaxed); }
  void give(int units) noexcept { used_.fetch_sub(units, std::memory_order_relaxed); }

 private:
  budget();
  std::vector<detail::limit> limits_;
  std::size_t tightest_ = 0;
  int limit_ = 1;
  std::chrono::nanoseconds spin_;
  std::atomic<int> used_{0};
  std::atomic<int> callers_{0};
};

/// Units of the budget, held for the time of a loop.
class budget_share {
 public:
  budget_share(budget& from, bool caller_counted, bool oversubscribe, int wanted) noexcept
      : from_(from),
        own_(caller_counted ? 0 : 1),
        helpers_(oversubscribe ? wanted : from.take(own_, wanted)) {
    if (oversubscribe) from.force(own_ + helpers_);
    if (own_ > 0) from.count_caller(1);
  }
  budget_share(const budget_share&) = delete;
  budget_share& operator=(const budget_share&) = delete;
  ~budget_share() {
    if (own_ + helpers_ > 0) from_.give(own_ + helpers_);
    if (own_ > 0) from_.count_caller(-1);
  }

  int helpers() const noexcept { return helpers_; }

 private:
  budget& from_;
  int own_;
  int helpers_;
};

}  // namespace polyloop::detail
