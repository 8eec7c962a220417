#include "polyloop/detail/task_scope.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "polyloop/detail/asked_to_stop.hpp"
#include "polyloop/error.hpp"
#include "task_pool.hpp"

namespace polyloop::detail {

/// What was asked of a group.
class task_rules {
 public:
  explicit task_rules(task_options options) : options_(std::move(options)) { renew(); }

  bool stopped() const { return asked_to_stop(options_.stop, options_.deadline); }
  /// Null where there is no policy.
  error_handler* errors() const noexcept { return errors_.get(); }
  /// Returns the handler of the tasks until now, and has another for those to come.
  std::unique_ptr<error_handler> renew() {
    auto next = options_.errors
                    ? std::make_unique<error_handler>(*options_.errors, options_.stop, options_.deadline)
                    : nullptr;
    return std::exchange(errors_, std::move(next));
  }

 private:
  const task_options options_;
  std::unique_ptr<error_handler> errors_;
};

task_scope::task_scope()
    : owner_(this_thread_mark()), around_(current_scope()), member_(task_pool::member_here()), pool_(task_pool::here(member_)) {}

task_scope::task_scope(task_options options)
    : owner_(this_thread_mark()),
      around_(current_scope()),
      member_(task_pool::member_here()),
      pool_(task_pool::here(member_)) {
  try {
    rules_ = std::make_unique<task_rules>(std::move(options));
  } catch (...) {
    if (member_ == nullptr) pool_.leave();
    throw;
  }
}

task_scope::~task_scope() {
  if (member_ == nullptr) pool_.leave();
}

bool task_scope::is_owner() const noexcept {
  return owner_ == this_thread_mark();
}

void task_scope::spawn(task* given) {
  given->scope = this;
  given->index = spawned_.fetch_add(1, std::memory_order_relaxed);
  if (given->index == 0 && member_ == nullptr) pool_.begin_group();
  try {
    push(*given);
  } catch (...) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    end(*given);
    throw;
  }
}

// Of the group nothing is touched behind the task's way into the pool, unless by the owner.
void task_scope::push(task& given) {
  const bool by_owner = is_owner();
  const std::int64_t place = pool_.push(given);
  if (by_owner) lowest_place_ = std::min(lowest_place_, place);
}

bool task_scope::may_begin(index_t index) const {
  return !failure_.above(index) && !abandoned_.load(std::memory_order_relaxed) &&
         (rules_ == nullptr || !rules_->stopped());
}

void task_scope::call(task& each) {
  error_handler* const errors = rules_ == nullptr ? nullptr : rules_->errors();
  if (errors == nullptr) return each.call(each.function);
  errors->attempt(each.index, [&each] { each.call(each.function); });
}

void task_scope::run(task& each) noexcept {
  if (may_begin(each.index)) {
    try {
      call(each);
    } catch (...) {
      failure_.record(each.index, std::current_exception());
    }
  } else {
    dropped_.fetch_add(1, std::memory_order_relaxed);
  }
  end(each);
}

void task_scope::end(task& each) noexcept {
  each.destroy(each.function);
  free_task(&each);
  if (is_owner()) {
    ++finished_here_;
    return;
  }
  task_pool& pool = pool_;
  const index_t spawned = spawned_.load(std::memory_order_relaxed);
  if (finished_.fetch_add(1, std::memory_order_seq_cst) + 1 == spawned) pool.announce();
}

loop_result task_scope::wait() {
  if (!is_owner()) throw error("a task_group is waited for by the thread that made it");
  if (!has_tasks()) return {};
  if (member_ != nullptr)
    pool_.work_until_done(*member_, *this);
  else
    pool_.wait_at_home(*this);
  return restart();
}

// What became of the tasks; the group is as new.
loop_result task_scope::restart() {
  if (member_ == nullptr) pool_.end_group();
  const index_t spawned = spawned_.exchange(0, std::memory_order_relaxed);
  const index_t dropped = dropped_.exchange(0, std::memory_order_relaxed);
  finished_.store(0, std::memory_order_relaxed);
  finished_here_ = 0;
  lowest_place_ = std::numeric_limits<std::int64_t>::max();
  const auto errors = rules_ == nullptr ? nullptr : rules_->renew();
  failure_.rethrow_if_any();
  if (errors != nullptr) errors->finish(spawned);
  return {dropped == 0 ? loop_result::status::finished : loop_result::status::stopped, pool_.is_shared(),
          spawned - dropped};
}

}  // namespace polyloop::detail
