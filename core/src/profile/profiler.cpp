#include "profile/profiler.hpp"

#include <algorithm>

#include "time.hpp"

#ifndef _WIN32
#include <pthread.h>
#endif

namespace polyloop::detail {

namespace {

std::atomic<profiler*> current_profiler{nullptr};
thread_local constinit thread_log* my_log = nullptr;

// The child's copies of locks may be held by threads that it does not have: it
// begins anew, and watches nothing.
void forget_in_child() {
  current_profiler.store(nullptr, std::memory_order_relaxed);
  loop_watchers.store(0, std::memory_order_relaxed);
  my_log = nullptr;
}

profiler& make_profiler() {
#ifndef _WIN32
  static const int registered = pthread_atfork(nullptr, nullptr, forget_in_child);
  (void)registered;
#endif
  auto fresh = std::make_unique<profiler>();
  profiler* expected = nullptr;
  if (current_profiler.compare_exchange_strong(expected, fresh.get(), std::memory_order_acq_rel))
    return *fresh.release();
  return *expected;
}

// Of a thread that ends, another may go on with its log. Static objects that loop
// after that get it back by adopt_log(), and keep it.
struct log_keeper {
  profiler* from = nullptr;
  ~log_keeper() {
    if (my_log != nullptr && from == &profiler::of_process()) from->give_back(*my_log);
    my_log = nullptr;
    gone = true;
  }
  static inline thread_local constinit bool gone = false;
};

thread_log& adopt() {
  profiler& here = profiler::of_process();
  my_log = &here.adopt_log();
  if (log_keeper::gone) return *my_log;
  static thread_local log_keeper keeper;
  keeper.from = &here;
  return *my_log;
}

}  // namespace

profiler& profiler::of_process() {
  profiler* const known = current_profiler.load(std::memory_order_acquire);
  return known != nullptr ? *known : make_profiler();
}

void profiler::start(const profile::settings& how) {
  const std::lock_guard hold(start_lock_);
  room.store(static_cast<std::int64_t>(std::min<std::size_t>(how.trace_events, std::size_t{1} << 40)),
             std::memory_order_relaxed);
  counts_hardware_.store(how.hardware_counters, std::memory_order_relaxed);
  started_.store(clock::now(), std::memory_order_relaxed);
  names.clear();
  session_.fetch_add(1, std::memory_order_release);
  if (!on_.exchange(true, std::memory_order_relaxed)) loop_watchers.fetch_add(1, std::memory_order_relaxed);
}

void profiler::stop() noexcept {
  if (on_.exchange(false, std::memory_order_relaxed)) loop_watchers.fetch_sub(1, std::memory_order_relaxed);
}

thread_log& profiler::adopt_log() {
  const std::lock_guard hold(lock_);
  if (!unused_.empty()) {
    thread_log& last = *unused_.back();
    unused_.pop_back();
    return last;
  }
  logs_.push_back(std::make_unique<thread_log>(static_cast<int>(logs_.size()), room));
  unused_.reserve(logs_.size());  // give_back() must not fail
  return *logs_.back();
}

void profiler::give_back(thread_log& log) {
  log.counters.close();
  const std::lock_guard hold(lock_);
  unused_.push_back(&log);
}

thread_log& thread_log::mine() {
  thread_log& log = my_log != nullptr ? *my_log : adopt();
  const unsigned now = profiler::of_process().session();
  if (log.session.load(std::memory_order_relaxed) != now) log.begin_recording(now);
  return log;
}

bool thread_log::is_mine(const thread_log& log) noexcept {
  return my_log == &log;
}

void thread_log::begin_recording(unsigned now) {
  const std::lock_guard hold(lock);
  rows.clear();
  records.clear();
  session.store(now, std::memory_order_relaxed);
}

thread_log::row& thread_log::row_of(const name_view& wanted) {
  if (const auto known = rows.find(wanted); known != rows.end()) return known->second;
  const name_id id = profiler::of_process().names.id_of(wanted);
  const name_view its = id == name_table::too_many ? name_view{} : wanted;
  const std::lock_guard hold(lock);
  return rows.try_emplace({std::string(its.label), its.here}, row{id, {}}).first->second;
}

}  // namespace polyloop::detail
