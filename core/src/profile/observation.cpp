#include "profile/observation.hpp"

#include <exception>
#include <utility>

#include "hand_out.hpp"
#include "profile/profiler.hpp"
#include "profile/summary.hpp"
#include "time.hpp"

namespace polyloop::detail {

namespace {

profile::hardware_counts operator-(const profile::hardware_counts& a, const profile::hardware_counts& b) {
  return {a.cycles - b.cycles, a.instructions - b.instructions, a.cache_misses - b.cache_misses};
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
  before_launch_ = std::exchange(share_of(0), {});
  if (static_cast<std::size_t>(work.workers) > few_.size()) {
    many_ = std::make_unique<worker_share[]>(static_cast<std::size_t>(work.workers));
    shares_ = many_.get();
  }
  launched_at_ = clock::now();
}

void observation::run_on(backend& engine, const loop& work) {
  launches(work);
  const auto observed = [this, &work](index_t first, index_t last, int worker) {
    const observed_chunk seen(this, worker, first, last);
    work.chunk(first, last, worker);
  };
  polyloop::run_on(engine, {work.begin, work.end, work.schedule, work.workers, observed, work.work});
}

void observation::find_delays() noexcept {
  if (!event_.shared) return;
  profile::time_point first_help = event_.end;
  for (int w = 1; w < event_.workers; ++w)
    if (share_of(w).chunks > 0) first_help = std::min(first_help, share_of(w).first_begin);
  if (first_help != event_.end) event_.start_up = first_help - launched_at_;
  if (share_of(0).chunks > 0) event_.join = event_.end - share_of(0).last_end;
}

observation::~observation() {
  if (&profiler_ != &profiler::of_process()) return;  // a child of fork(), begun in this loop
  event_.end = clock::now();
  event_.failed = std::uncaught_exceptions() > exceptions_before_;
  here_.forget_that_small();  // or the next one would not come by
  find_delays();
  if (log_.records_for(session_)) record_loop();
  profiler_.watching.tell(log_.reading, [this](profile::observer& each) { each.loop_ended(event_); });
}

void observation::record_loop() const {
  log_.add(loop_record{event_.begin, event_.end, event_.loop, event_.count, event_.grain, name_,
                       event_.workers, event_.schedule.how(), event_.shared, event_.failed});
  const std::lock_guard hold(log_.lock);
  add_call(log_.rows[name_], event_, before_launch_, {shares_, static_cast<std::size_t>(event_.workers)});
}

void observed_chunk::begin(int worker, index_t first, const index_t& last) {
  log_ = &thread_log::mine();
  last_ = &last;
  first_ = first;
  worker_ = worker;
  const hand_out how = std::exchange(next_chunk, {});
  stolen_ = how.stolen;
  around_ = std::exchange(log_->current_loop, of_->event_.loop);
  if (worker > 0 && !of_->helped_.load(std::memory_order_relaxed))
    of_->helped_.store(true, std::memory_order_relaxed);
  const bool counting = of_->profiler_.counts_hardware();
  if (counting) log_->counters.open();
  if (!how.at_once) {
    log_->boundary = clock::now();
    if (counting) log_->boundary_counts = log_->counters.read();
  }
  begin_ = log_->boundary;
  counts_ = log_->boundary_counts;
  of_->profiler_.watching.tell(log_->reading,
                               [this](profile::observer& each) { each.chunk_begins(event()); });
}

void observed_chunk::end() {
  profile::hardware_counts now_counted;
  if (of_->profiler_.counts_hardware()) log_->boundary_counts = now_counted = log_->counters.read();
  log_->boundary = end_ = clock::now();
  log_->current_loop = around_;
  add_to_share(now_counted - counts_);
  if (log_->records_for(of_->session_))
    log_->add(chunk_record{begin_, end_, of_->event_.loop, first_, *last_, of_->name_, worker_, stolen_});
  of_->profiler_.watching.tell(log_->reading, [this](profile::observer& each) { each.chunk_ended(event()); });
}

void observed_chunk::add_to_share(const profile::hardware_counts& counts) {
  worker_share& mine = of_->share_of(worker_);
  const index_t iterations = *last_ - first_;
  if (mine.chunks++ == 0) mine.first_begin = begin_;
  mine.last_end = end_;
  mine.busy += end_ - begin_;
  mine.iterations += iterations;
  mine.stolen += stolen_;
  add(mine.counts, counts);
  if (!of_->is_front(*last_)) return;
  const bool together = of_->helped_.load(std::memory_order_relaxed);
  add(together ? mine.front_together : mine.front_alone, {end_ - begin_, iterations});
}

profile::chunk_event observed_chunk::event() const {
  return {of_->event_, worker_, log_->number, first_, *last_, stolen_, begin_, end_};
}

}  // namespace polyloop::detail
