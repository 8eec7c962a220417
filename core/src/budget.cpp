#include "budget.hpp"

#include <algorithm>

#include "hot_path.hpp"

namespace polyloop::detail {

budget::budget() : limits_(process_limits()), spin_(process_spin(limits_)) {
  for (std::size_t i = 1; i < limits_.size(); ++i) {
    if (limits_[i].workers && *limits_[i].workers < *limits_[tightest_].workers) tightest_ = i;
  }
  limit_ = std::max(1, *limits_[tightest_].workers);  // the first limit, affinity, is always there
}

POLYLOOP_HOT_PATH budget& budget::of_process() {
  // Never destroyed: static objects may loop in their destructors.
  static budget& only = *new budget;
  return only;
}

POLYLOOP_HOT_PATH int budget::take(int own, int wanted) noexcept {
  if (own + wanted == 0) return 0;
  int used = used_.load(std::memory_order_relaxed);
  while (true) {
    const int helpers = std::clamp(limit_ - used - own, 0, wanted);
    if (used_.compare_exchange_weak(used, used + own + helpers, std::memory_order_relaxed)) return helpers;
  }
}

}  // namespace polyloop::detail
