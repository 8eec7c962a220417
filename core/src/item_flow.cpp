#include "polyloop/detail/item_flow.hpp"

#include <algorithm>

#include "polyloop/detail/asked_to_stop.hpp"
#include "polyloop/parallel_for.hpp"
#include "stream_limits.hpp"

namespace polyloop::detail {

namespace {

constexpr index_t window_of_a_worker = 4;

}  // namespace

std::size_t window_of(const stream_options& options) {
  if (options.window < 0) throw_invalid("window", options.window, "0 or more");
  return static_cast<std::size_t>(options.window > 0 ? options.window
                                                     : window_of_a_worker * workers_of(options));
}

item_flow::item_flow(std::span<const stage_order> stages, const item_keeper& keeper,
                     const stream_options& options)
    : keeper_(keeper), options_(options), errors_(handler_of(options)), places_(window_of(options)) {
  for (const stage_order order : stages)
    stages_.push_back({.order = order, .waiting = std::vector<std::size_t>(places_.size(), nobody)});
  for (std::size_t slot = places_.size(); slot > 0; --slot) free_.push_back(slot - 1);
}

loop_result item_flow::run() {
  const index_t workers = std::min(static_cast<index_t>(places_.size()), index_t{workers_of(options_)});
  const loop_result ran =
      parallel_for(workers, [this](index_t) { work(); },
                   {.label = options_.label, .schedule = schedule::dynamic(1), .workers = options_.workers});
  failure_.rethrow_if_any();
  if (errors_) errors_->finish(begun_);
  return {stopped_ ? loop_result::status::stopped : loop_result::status::finished, ran.shared, finished_};
}

void item_flow::work() {
  std::unique_lock hold(lock_);
  for (;;) {
    if (const std::optional<job> next = pick()) {
      run_job(*next, hold);
    } else if (running_ == 0) {
      return;  // nothing to do, and nobody who would bring something
    } else {
      ++idle_;
      changed_.wait(hold);
      --idle_;
    }
  }
}

std::optional<item_flow::job> item_flow::pick() {
  for (std::size_t s = stages_.size(); s-- > 0;) {
    stage& here = stages_[s];
    if (!is_ready(here)) continue;
    here.busy = true;
    return job{std::exchange(waiting_at(here, here.now), nobody), s};
  }
  if (!can_pull() || ends_here()) return std::nullopt;
  pulling_ = true;
  const std::size_t slot = free_.back();
  free_.pop_back();
  places_[slot] = {begun_, false};
  return job{slot, source};
}

// A stop or a failure ends the source.
bool item_flow::ends_here() {
  if (!failure_.any() && !asked_to_stop(options_.stop, options_.deadline)) return false;
  stopped_ = !failure_.any();
  return drained_ = true;
}

bool item_flow::any_ready() {
  return can_pull() || std::ranges::any_of(stages_, [this](stage& s) { return is_ready(s); });
}

// From where the job begins up to a stage that is not free, or the end.
void item_flow::run_job(job next, std::unique_lock<std::mutex>& hold) {
  ++running_;
  do {
    // This worker will be busy: whatever else there is, is for another.
    if (idle_ > 0 && any_ready()) changed_.notify_one();
    hold.unlock();
    const bool ended = next.stage == source ? !pulled(next.slot) : (passed(next), false);
    hold.lock();
    if (next.stage == source) {
      pulling_ = false;
      drained_ = drained_ || ended;
      begun_ += ended && !places_[next.slot].failed ? 0 : 1;
    } else {
      leave(next.stage);
    }
    if (ended || ++next.stage == stages_.size()) {
      if (!ended && !places_[next.slot].failed) ++finished_;
      free_.push_back(next.slot);
      break;
    }
  } while (enters(next));
  if (--running_ == 0) changed_.notify_all();
}

// Whether the item goes on at once; else it waits for its turn.
bool item_flow::enters(job next) {
  stage& here = stages_[next.stage];
  if (here.order == stage_order::parallel) return true;
  const index_t ticket = here.order == stage_order::in_order ? places_[next.slot].item : here.arrived++;
  if (!here.busy && ticket == here.now) return here.busy = true;
  waiting_at(here, ticket) = next.slot;
  return false;
}

void item_flow::leave(std::size_t at) {
  stage& here = stages_[at];
  if (here.order == stage_order::parallel) return;
  here.busy = false;
  ++here.now;
}

// False if it has failed for good.
template <class Call>
bool item_flow::tried(index_t item, const Call& call) noexcept {
  try {
    if (errors_) return errors_->attempt(item, call);
    call();
    return true;
  } catch (...) {
    failure_.record(item, std::current_exception());
    return false;
  }
}

// A source that fails has come to its end.
bool item_flow::pulled(std::size_t slot) noexcept {
  place& here = places_[slot];
  bool one = false;
  here.failed = !tried(here.item, [&] { one = keeper_.pull(slot); });
  return one && !here.failed;
}

void item_flow::passed(job now) noexcept {
  place& here = places_[now.slot];
  here.failed = here.failed || failure_.above(here.item) ||
                !tried(here.item, [&] { keeper_.pass(now.slot, now.stage); });
  const bool last = now.stage + 1 == stages_.size();
  if (last || here.failed) keeper_.drop(now.slot);
  if (last && !failure_.any()) tell(here.item);
}

void item_flow::tell(index_t item) noexcept {
  if (options_.progress == nullptr) return;
  try {
    options_.progress->add(1);
  } catch (...) {
    failure_.record(item, std::current_exception());
  }
}

}  // namespace polyloop::detail
