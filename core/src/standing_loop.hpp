#pragma once

#include <mutex>
#include <optional>

#include "budget.hpp"
#include "crew.hpp"
#include "scoped.hpp"

namespace polyloop::detail {

/// Helpers of a crew for work that comes bit by bit: a loop that a helper enters as often as it is called, and
/// leaves when there is nothing to do. Its caller does not wait in it.
class standing_loop {
 public:
  /// `around`: the loop whose helpers it shares; null for one of its own, with helpers of the budget, whose
  /// caller holds a unit of it already or not. `serve`
  /// is called as serve(0, 0, worker) by each helper that comes. `within`: the group of tasks that it is inside of.
  standing_loop(crew& of, shared_loop* around, const context& under, bool counted, int workers, const task_scope* within,
                function_ref<void(index_t, index_t, int)> serve);
  standing_loop(const standing_loop&) = delete;
  standing_loop& operator=(const standing_loop&) = delete;
  /// Waits until the helpers have left, which they have been told by other means.
  ~standing_loop();

  shared_loop& loop() noexcept { return *loop_; }

  /// There is something to do: has one more helper come, if there is one; false if there is none.
  bool call() noexcept;
  /// A helper has found nothing more to do.
  void nothing_left() noexcept { loop_->set_drained(true); }

 private:
  crew& crew_;
  const bool outermost_;
  const int most_helpers_;
  std::optional<budget_share> share_;
  std::optional<added> beyond_budget_;
  std::optional<shared_loop> loop_;
  std::mutex calling_;
  bool posted_ = false;
};

}  // namespace polyloop::detail
