#include "polyloop/parallel_team.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "budget.hpp"
#include "polyloop/context.hpp"
#include "polyloop/detail/asked_to_stop.hpp"
#include "polyloop/detail/event_count.hpp"
#include "polyloop/detail/first_failure.hpp"
#include "resolve.hpp"

namespace polyloop {

namespace detail {

namespace {

/// The units of the budget that a team takes. Its members count as callers: none is made to wait for leave.
class team_share {
 public:
  team_share(const context& outside, int members, bool oversubscribe)
      : all_(budget::of_process()), units_(members - (outside.counted ? 1 : 0)) {
    if (members < 1) throw_invalid("members", members, "at least 1");
    const int most = oversubscribe ? members : std::min(members, allowed_workers(outside));
    const int lacking = members - most;
    const int granted = take(outside, oversubscribe, units_ - lacking);
    if (granted < units_) {
      all_.give(granted);
      throw team_too_large(members, members - units_ + granted);
    }
    all_.count_caller(units_);
  }
  team_share(const team_share&) = delete;
  team_share& operator=(const team_share&) = delete;
  ~team_share() {
    all_.give(units_);
    all_.count_caller(-units_);
  }

 private:
  // In a loop or a task, where helpers are at work, what is free; else a caller's right.
  int take(const context& outside, bool oversubscribe, int units) const noexcept {
    if (outside.counted && !outside.oversubscribe && !oversubscribe) return all_.take(0, units);
    all_.force(units);
    return units;
  }

  budget& all_;
  const int units_;
};

}  // namespace

/// What the members of a team share.
class team {
 public:
  team(int size, function_ref<void(const team_member&)> body, const team_options& options)
      : size_(size), present_(size), let_go_(static_cast<std::size_t>(size)), body_(body), options_(options) {}

  loop_result run();
  /// Returns the number of the barrier: they are counted.
  std::uint64_t barrier(int index);
  std::shared_ptr<const void> exchange(std::shared_ptr<const void> mine, int index, int root);

 private:
  enum class state : unsigned char { whole, failed, stopped };

  void start_others(std::vector<std::jthread>& threads, const context& inside);
  void run_member(int index) noexcept;
  void leave(int members) noexcept;
  void break_up(state why) noexcept;
  bool complete_if_all_came() noexcept;
  std::uint64_t arrive(int index, bool& complete);
  bool is_broken() const noexcept { return state_.load() != state::whole; }
  [[noreturn]] void let_go(int index);

  const int size_;
  std::mutex lock_;
  // Under the lock:
  int present_;
  int arrived_ = 0;
  std::shared_ptr<const void> value_;
  std::uint64_t round_of_value_ = 0;
  // Each of its member:
  std::vector<char> let_go_;
  std::atomic<std::uint64_t> rounds_{0};  // barriers that were complete
  std::atomic<state> state_{state::whole};
  std::atomic<index_t> returned_{0};
  event_count changed_;
  first_failure failure_;
  first_failure failure_of_let_go_;
  const function_ref<void(const team_member&)> body_;
  const team_options& options_;
};

void team::break_up(state why) noexcept {
  state whole = state::whole;
  state_.compare_exchange_strong(whole, why);
  changed_.notify_all();
}

void team::let_go(int index) {
  let_go_[static_cast<std::size_t>(index)] = 1;
  throw team_broken();
}

// Under the lock. Who leaves by an exception completes nothing.
bool team::complete_if_all_came() noexcept {
  if (present_ == 0 || arrived_ < present_ || is_broken()) return false;
  arrived_ = 0;
  rounds_.fetch_add(1);
  return true;
}

std::uint64_t team::arrive(int index, bool& complete) {
  const std::lock_guard hold(lock_);
  if (is_broken()) let_go(index);
  const std::uint64_t round = rounds_.load();
  ++arrived_;
  complete = complete_if_all_came();
  return round;
}

std::uint64_t team::barrier(int index) {
  if (asked_to_stop(options_.stop, options_.deadline)) break_up(state::stopped);
  bool complete = false;
  const std::uint64_t round = arrive(index, complete);
  if (complete) {
    changed_.notify_all();
    return round;
  }
  const auto over = [this, round] { return rounds_.load() != round || is_broken(); };
  if (changed_.wait(over, options_.stop, options_.deadline) != awaited::ready) break_up(state::stopped);
  if (rounds_.load() == round) let_go(index);
  return round;
}

std::shared_ptr<const void> team::exchange(std::shared_ptr<const void> mine, int index, int root) {
  if (root < 0 || root >= size_) throw_invalid("root", root, "the index of a member");
  if (index == root) {
    const std::lock_guard hold(lock_);
    if (is_broken()) let_go(index);
    value_ = std::move(mine);
    round_of_value_ = rounds_.load();
  }
  const std::uint64_t round = barrier(index);
  std::shared_ptr<const void> value;
  {
    const std::lock_guard hold(lock_);
    if (round_of_value_ == round) value = value_;
  }
  if (value == nullptr) throw_invalid("root", root, "a member that takes part");
  barrier(index);  // only then may the next value come
  return value;
}

// Who has returned counts as having come to every barrier.
void team::leave(int members) noexcept {
  {
    const std::lock_guard hold(lock_);
    present_ -= members;
    complete_if_all_came();
  }
  changed_.notify_all();
}

void team::run_member(int index) noexcept {
  try {
    body_(team_member(*this, index, size_));
    returned_.fetch_add(1);
  } catch (...) {
    const bool was_let_go = let_go_[static_cast<std::size_t>(index)] != 0;
    (was_let_go ? failure_of_let_go_ : failure_).record(index, std::current_exception());
    break_up(state::failed);
  }
  leave(1);
}

// Where a thread is not to be had, nobody waits for it.
void team::start_others(std::vector<std::jthread>& threads, const context& inside) {
  threads.reserve(static_cast<std::size_t>(size_ - 1));
  try {
    for (int index = 1; index < size_; ++index)
      threads.emplace_back([this, index, &inside] {
        const context_switch now(inside);
        run_member(index);
      });
  } catch (...) {
    break_up(state::failed);
    leave(size_ - static_cast<int>(threads.size()));
    throw;
  }
}

loop_result team::run() {
  context inside = this_context();
  inside.counted = true;
  context on_thread = inside;
  on_thread.running = nullptr;
  {
    std::vector<std::jthread> threads;
    start_others(threads, on_thread);
    const context_switch now(inside);
    run_member(0);
  }
  failure_.rethrow_if_any();
  if (state_.load() == state::stopped) return {loop_result::status::stopped, size_ > 1, returned_.load()};
  failure_of_let_go_.rethrow_if_any();
  return {loop_result::status::finished, size_ > 1, returned_.load()};
}

}  // namespace detail

team_too_large::team_too_large(int members, int most)
    : invalid_argument("members of the team", std::to_string(members),
                       "at most " + std::to_string(most) + ", which may run at once, unless it may oversubscribe"),
      most_(most) {}

team_broken::team_broken() : error("the team is broken: a member has failed, or it was stopped") {}

void team_member::barrier() const {
  team_.barrier(index_);
}

std::shared_ptr<const void> team_member::exchange(std::shared_ptr<const void> mine, int root) const {
  return team_.exchange(std::move(mine), index_, root);
}

loop_result parallel_team(int n, function_ref<void(const team_member&)> body, const team_options& options) {
  const detail::team_share units(detail::this_context(), n, options.oversubscribe);
  return detail::team(n, body, options).run();
}

}  // namespace polyloop
