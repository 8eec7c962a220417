#include "standing_loop.hpp"

namespace polyloop::detail {

standing_loop::standing_loop(crew& of, shared_loop* around, const context& under, bool counted, int workers, const task_scope* within,
                             function_ref<void(index_t, index_t, int)> serve)
    : crew_(of), outermost_(around == nullptr), most_helpers_(workers - 1) {
  const polyloop::loop work{0, workers, schedule::dynamic(), workers, serve};
  if (!outermost_) {
    loop_.emplace(work, *around, loop_nature{.standing = true, .within = within});
    return;
  }
  share_.emplace(budget::of_process(), counted, under.oversubscribe, most_helpers_);
  beyond_budget_.emplace(crew_.beyond_budget_, under.oversubscribe ? share_->helpers() : 0);
  crew_.stay_awake_as_under(under);
  loop_.emplace(crew_, work, share_->helpers(), loop_nature{.standing = true, .within = within});
}

standing_loop::~standing_loop() {
  if (posted_) crew_.open_.withdraw(*loop_);
  crew_.see_off(*loop_);
  if (!outermost_) return;
  if (loop_->was_woken()) crew_.lender_done();
  if (loop_->granted > 0) budget::of_process().give(loop_->granted);
  share_.reset();
  crew_.invite_to_open();
}

// Tasks come one at a time, so helpers are invited one at a time. Where none is to be had the loop is put on
// the list of open ones, which those who become free look through.
bool standing_loop::call() noexcept {
  const std::unique_lock one_at_a_time(calling_, std::try_to_lock);
  if (!one_at_a_time) return true;
  loop_->set_drained(false);
  if (crew_.invite(*loop_, 1) == 1) return true;
  if (posted_) return false;
  crew_.open_.post(*loop_);
  posted_ = true;
  crew_.events_.announce();
  return crew_.invite(*loop_, 1) == 1;  // who sat down meanwhile
}

}  // namespace polyloop::detail
