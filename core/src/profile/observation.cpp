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

// Stand for what an observation has before it begins.
constinit site nowhere;
constexpr auto nothing = [](index_t, index_t, int) {};

moment now(bool counts_hardware) {
  if (!counts_hardware) return {clock::now(), {}};
  thread_log& log = thread_log::mine();
  log.counters.open();
  const profile::hardware_counts counts = log.counters.read();
  return {clock::now(), counts};
}

}  // namespace

// What an observer begins while it is told something is not observed.
observed_loop observe(const loop_call& call, const loop_options& options) {
  thread_log& log = thread_log::mine();
  if (log.reading.load(std::memory_order_relaxed) != nullptr) return nullptr;
  auto fresh = log.spare != nullptr ? std::move(log.spare) : std::make_unique<observation>(log);
  fresh->begin(call, options);
  return observed_loop(fresh.release());
}

void ends_observation::operator()(observation* of) const {
  std::unique_ptr<observation> ended(of);
  if (!thread_log::is_mine(of->log())) return;  // a child of fork(), begun in this loop
  of->end();
  of->log().spare = std::move(ended);
}

observation::observation(thread_log& log)
    : chunk_(nothing),
      profiler_(profiler::of_process()),
      log_(log),
      event_{.site = profile::call_site(nowhere)} {}

void observation::begin(const loop_call& call, const loop_options& options) {
  loop_ = profiler_.next_loop();
  event_ = {.loop = loop_,
            .inside = log_.current_loop,
            .label = options.label,
            .site = profile::call_site(call.here),
            .count = call.count,
            .schedule = options.schedule,
            .thread = log_.number};
  here_ = &call.here;
  exceptions_before_ = std::uncaught_exceptions();
  front_ = call.count / 8;
  shares_ = nullptr;
  alone_ = {.loop = loop_};
  helped_.store(false, std::memory_order_relaxed);
  session_ = 0;
  if (event_.inside == 0) log_.calls.store(true, std::memory_order_relaxed);
  if (profiler_.is_on()) {
    thread_log::row& row = log_.row_of({options.label, &call.here});
    session_ = log_.session.load(std::memory_order_relaxed);
    name_ = row.id;
    sums_ = &row.sums;
  }
  event_.begin = clock::now();
  profiler_.watching.tell(log_.reading, [this](profile::observer& each) { each.loop_begins(event_); });
}

void observation::launches(const loop& work) {
  event_.shared = true;
  event_.workers = work.workers;
  event_.grain = work.schedule.grain();
  const auto workers = static_cast<std::size_t>(work.workers);
  if (all_shares_.size() < workers) all_shares_ = std::vector<worker_share>(workers);
  shares_ = all_shares_.data();
  chunk_ = work.chunk;
  launched_at_ = alone_.chunks > 0 ? alone_.last_end : event_.begin;
  next_chunk = {};  // nobody has handed out anything yet
}

void observation::run_on(backend& engine, const loop& work) {
  launches(work);
  loop observed = work;
  observed.chunk = *this;
  polyloop::run_on(engine, observed);
}

void observation::operator()(index_t first, index_t last, int worker) {
  const hand_out how = std::exchange(next_chunk, {});
  if (!goes_on(how, first, last)) return run_chunk(how, first, last, worker);
  how.goes_on->last = last;
  ++how.goes_on->chunks;
  chunk_(first, last, worker);
}

// Not across the end of the front, whose time is wanted by itself.
bool observation::goes_on(const hand_out& how, index_t first, index_t last) const noexcept {
  const stretch* const before = how.goes_on;
  return before != nullptr && before->of == this && before->last == first && !how.stolen &&
         is_front(before->last) == is_front(last) && !profiler_.watching.any();
}

// The first chunk of a stretch; the only one where somebody wants to hear of each.
void observation::run_chunk(const hand_out& how, index_t first, index_t last, int worker) {
  stretch alone;
  stretch& mine = how.goes_on != nullptr && !profiler_.watching.any() ? *how.goes_on : alone;
  const moment at = now(counts_hardware());
  if (how.goes_on != nullptr && how.goes_on->of != nullptr) how.goes_on->of->end(*how.goes_on, at);
  mine.worker = worker;
  mine.shared = true;
  mine.stolen = how.stolen;
  if (worker > 0 && !helped_.load(std::memory_order_relaxed)) helped_.store(true, std::memory_order_relaxed);
  begin(mine, first, last, at);
  chunk_(first, last, worker);
  if (&mine == &alone) mine.end();
}

worker_share& observation::share_of(const stretch& of) noexcept {
  if (!of.shared) return alone_;
  worker_share& its = shares_[of.worker];
  if (its.loop != loop_) its = {.loop = loop_};
  return its;
}

moment observation::begin_of_start() const {
  return counts_hardware() ? now(true) : moment{event_.begin, {}};
}

bool observation::counts_hardware() const noexcept {
  return profiler_.counts_hardware();
}

// Of a loop that ran on its caller alone, which may be a short one, the end of
// the chunk is not worth another look at the clock.
void observation::find_end() {
  event_.end = shares_ == nullptr && alone_.chunks > 0 ? alone_.last_end : clock::now();
  event_.failed = std::uncaught_exceptions() > exceptions_before_;
  if (shares_ == nullptr) return;
  profile::time_point first_help = event_.end;
  for (int w = 0; w < event_.workers; ++w) {
    worker_share& each = share_of({.worker = w, .shared = true});
    if (w > 0 && each.chunks > 0) first_help = std::min(first_help, each.first_begin);
  }
  if (first_help != event_.end) event_.start_up = first_help - launched_at_;
  if (shares_[0].chunks > 0) event_.join = event_.end - shares_[0].last_end;
}

void observation::end() {
  find_end();
  here_->forget_that_small();  // or the next one would not come by
  if (log_.records_for(session_)) record_loop();
  profiler_.watching.tell(log_.reading, [this](profile::observer& each) { each.loop_ended(event_); });
}

void observation::record_loop() {
  log_.add(loop_record{event_.begin, event_.end, event_.loop, event_.count, event_.grain, name_,
                       event_.workers, event_.schedule.how(), event_.shared, event_.failed});
  const std::size_t shared_by = shares_ != nullptr ? static_cast<std::size_t>(event_.workers) : 0;
  const std::lock_guard hold(log_.lock);
  add_call(*sums_, event_, alone_, {shares_, shared_by});
}

void observation::begin(stretch& what, index_t first, index_t last, const moment& at) {
  thread_log& log = thread_log::mine();
  what.of = this;
  what.log = &log;
  what.around = std::exchange(log.current_loop, loop_);
  what.first = first;
  what.last = last;
  what.begin = at;
  what.chunks = 1;
  profiler_.watching.tell(log.reading,
                          [&](profile::observer& each) { each.chunk_begins(event_of(what, {})); });
}

void observation::end(stretch& what, const moment& at) {
  thread_log& log = *what.log;
  log.current_loop = what.around;
  add_to_share(what, at);
  if (log.records_for(session_))
    log.add(chunk_record{what.begin.at, at.at, loop_, what.first, what.last, name_, what.worker, what.chunks,
                         what.stolen});
  profiler_.watching.tell(log.reading,
                          [&](profile::observer& each) { each.chunk_ended(event_of(what, at.at)); });
  what.of = nullptr;
}

void observation::add_to_share(const stretch& what, const moment& end) {
  worker_share& mine = share_of(what);
  const profile::work_sample work = {end.at - what.begin.at, what.last - what.first};
  if (mine.chunks == 0) mine.first_begin = what.begin.at;
  mine.last_end = end.at;
  mine.busy += work.time;
  mine.iterations += work.iterations;
  mine.chunks += what.chunks;
  mine.stolen += what.stolen;
  if (counts_hardware()) add(mine.counts, end.counts - what.begin.counts);
  if (is_front(what.last))
    add(helped_.load(std::memory_order_relaxed) ? mine.front_together : mine.front_alone, work);
}

profile::chunk_event observation::event_of(const stretch& what, profile::time_point end) const {
  return {event_, what.worker, what.log->number, what.first, what.last, what.stolen, what.begin.at, end};
}

void stretch::end() {
  of->end(*this, now(of->counts_hardware()));
}

void observed_start::begin(index_t first, const index_t& last) {
  last_ = &last;
  of_->begin(mine_, first, last, of_->begin_of_start());
}

void observed_start::end() {
  mine_.last = *last_;
  mine_.end();
}

}  // namespace polyloop::detail
