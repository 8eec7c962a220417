#include "profile/observation.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "profile/profiler.hpp"
#include "profile/summary.hpp"
#include "time.hpp"

namespace polyloop::detail {

namespace {

profile::hardware_counts operator-(const profile::hardware_counts& a, const profile::hardware_counts& b) {
  return {a.cycles - b.cycles, a.instructions - b.instructions, a.cache_misses - b.cache_misses};
}

moment now(thread_log& log, bool counts_hardware) {
  if (!counts_hardware) return {clock::now(), {}};
  log.counters.open();
  const profile::hardware_counts counts = log.counters.read();
  return {clock::now(), counts};
}

}  // namespace

// What an observer begins while it is told something is not observed.
std::unique_ptr<observation> observe(const loop_call& call, const loop_options& options) {
  if (thread_log::mine().reading.load(std::memory_order_relaxed) != nullptr) return nullptr;
  return std::make_unique<observation>(call, options);
}

observation::observation(const loop_call& call, const loop_options& options)
    : profiler_(profiler::of_process()),
      log_(thread_log::mine()),
      event_{.loop = profiler_.next_loop(),
             .inside = log_.current_loop,
             .label = options.label,
             .site = profile::call_site(call.here),
             .count = call.count,
             .schedule = options.schedule,
             .thread = log_.number},
      here_(call.here),
      exceptions_before_(std::uncaught_exceptions()) {
  if (event_.inside == 0) log_.calls.store(true, std::memory_order_relaxed);
  if (profiler_.is_on()) {
    session_ = log_.session.load(std::memory_order_relaxed);
    name_ = log_.id_of({options.label, &call.here});
  }
  event_.begin = clock::now();
  profiler_.watching.tell(log_.reading, [this](profile::observer& each) { each.loop_begins(event_); });
}

void observation::launches(const loop& work) {
  event_.shared = true;
  event_.workers = work.workers;
  event_.grain = work.schedule.grain();
  shares_ = std::make_unique<worker_share[]>(static_cast<std::size_t>(work.workers));
  launched_at_ = alone_.chunks > 0 ? alone_.last_end : event_.begin;
  next_chunk = {};  // nobody has handed out anything yet
}

void observation::run_on(backend& engine, const loop& work) {
  launches(work);
  const auto observed = [this, &work](index_t first, index_t last, int worker) {
    const observed_chunk seen(*this, first, last, worker);
    work.chunk(first, last, worker);
  };
  polyloop::run_on(engine, {work.begin, work.end, work.schedule, work.workers, observed, work.work});
}

// Of a loop that ran on its caller alone, which may be a short one, the end of
// the chunk is not worth another look at the clock.
void observation::find_end() {
  event_.end = shares_ == nullptr && alone_.chunks > 0 ? alone_.last_end : clock::now();
  event_.failed = std::uncaught_exceptions() > exceptions_before_;
  if (shares_ == nullptr) return;
  profile::time_point first_help = event_.end;
  for (const worker_share& each : shares().subspan(1))
    if (each.chunks > 0) first_help = std::min(first_help, each.first_begin);
  if (first_help != event_.end) event_.start_up = first_help - launched_at_;
  if (shares_[0].chunks > 0) event_.join = event_.end - shares_[0].last_end;
}

observation::~observation() {
  if (&profiler_ != &profiler::of_process()) return;  // a child of fork(), begun in this loop
  find_end();
  here_.forget_that_small();  // or the next one would not come by
  if (log_.records_for(session_)) record_loop();
  profiler_.watching.tell(log_.reading, [this](profile::observer& each) { each.loop_ended(event_); });
}

void observation::record_loop() const {
  log_.add(loop_record{event_.begin, event_.end, event_.loop, event_.count, event_.grain, name_,
                       event_.workers, event_.schedule.how(), event_.shared, event_.failed});
  const std::lock_guard hold(log_.lock);
  add_call(log_.rows[name_], event_, alone_, shares());
}

// Not across the end of the front, whose time is wanted by itself.
bool observation::continues(const stretch& before, index_t first, index_t last) const noexcept {
  return before.of == this && before.last == first && is_front(before.last) == is_front(last);
}

void observation::finish(const stretch& what, const moment& end, thread_log& log) {
  worker_share& mine = share_of(what);
  const profile::work_sample work = {end.at - what.begin.at, what.last - what.first};
  if (mine.last_end == profile::time_point()) mine.first_begin = what.begin.at;
  mine.last_end = end.at;
  mine.busy += work.time;
  mine.iterations += work.iterations;
  add(mine.counts, end.counts - what.begin.counts);
  if (is_front(what.last))
    add(helped_.load(std::memory_order_relaxed) ? mine.front_together : mine.front_alone, work);
  if (log.records_for(session_))
    log.add(chunk_record{what.begin.at, end.at, event_.loop, what.first, what.last, name_, what.worker,
                         what.stolen});
}

void end_stretch() noexcept {
  thread_log& log = thread_log::mine();
  const stretch ended = std::exchange(log.unfinished, {});
  next_chunk.unfinished = false;
  if (ended.of != nullptr) ended.of->finish(ended, now(log, log.counters.is_open()), log);
}

void observed_chunk::begin_alone(index_t first, const index_t& last) {
  log_ = &thread_log::mine();
  last_ = &last;
  first_ = first;
  in_turn_ = false;
  now_ = {.of = of_, .first = first, .begin = {of_->event_.begin, {}}};
  if (of_->profiler_.counts_hardware()) now_.begin = now(*log_, true);
  enter();
}

void observed_chunk::begin(index_t first, const index_t& last, int worker) {
  log_ = &thread_log::mine();
  last_ = &last;
  first_ = first;
  const hand_out how = std::exchange(next_chunk, {});
  in_turn_ = how.in_turn;
  const stretch before = std::exchange(log_->unfinished, {});
  if (!how.stolen && !of_->profiler_.watching.any() && of_->continues(before, first, last)) {
    now_ = before;
  } else {
    const moment at = now(*log_, of_->profiler_.counts_hardware());
    if (before.of != nullptr) before.of->finish(before, at, *log_);
    now_ = {of_, first, last, at, worker, true, how.stolen};
  }
  if (worker > 0 && !of_->helped_.load(std::memory_order_relaxed))
    of_->helped_.store(true, std::memory_order_relaxed);
  of_->share_of(now_).stolen += how.stolen;
  enter();
}

void observed_chunk::enter() {
  around_ = std::exchange(log_->current_loop, of_->event_.loop);
  of_->profiler_.watching.tell(log_->reading,
                               [this](profile::observer& each) { each.chunk_begins(event({})); });
}

void observed_chunk::end() {
  log_->current_loop = around_;
  now_.last = *last_;
  ++of_->share_of(now_).chunks;
  if (in_turn_ && !of_->profiler_.watching.any()) {
    log_->unfinished = now_;
    next_chunk.unfinished = true;
    return;
  }
  const moment at = now(*log_, of_->profiler_.counts_hardware());
  of_->finish(now_, at, *log_);
  of_->profiler_.watching.tell(log_->reading,
                               [this, &at](profile::observer& each) { each.chunk_ended(event(at.at)); });
}

profile::chunk_event observed_chunk::event(profile::time_point end) const {
  return {of_->event_, now_.worker, log_->number, first_, *last_, now_.stolen, now_.begin.at, end};
}

}  // namespace polyloop::detail
