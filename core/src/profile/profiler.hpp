#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "profile/hardware_counters.hpp"
#include "profile/name_table.hpp"
#include "profile/observation.hpp"
#include "profile/observers.hpp"
#include "profile/process.hpp"
#include "profile/records.hpp"

namespace polyloop::detail {

/// What one thread has recorded. Only that thread writes; whoever reads rows or
/// records holds the lock, which is free but for that.
class thread_log {
 public:
  struct row {
    name_id id = name_table::too_many;
    profile::loop_summary sums;
  };

  thread_log(int its_number, std::atomic<std::int64_t>& room)
      : number(its_number), is_main(is_main_thread()), room_(room) {}

  /// Of the calling thread, empty where a recording has begun since the last call.
  static thread_log& mine();
  static bool is_mine(const thread_log& log) noexcept;

  /// Not where another recording has begun since: that one has not seen all of it.
  bool records_for(unsigned recording) const noexcept {
    return recording != 0 && recording == session.load(std::memory_order_relaxed);
  }
  name_id id_of(const name_view& wanted) { return row_of(wanted).id; }
  /// Its number and what is summed up of it; as long as this recording.
  row& row_of(const name_view& wanted);
  template <class Record>
  void add(const Record& what) {
    records.add(what, room_);
  }
  /// Forgets what was recorded before.
  void begin_recording(unsigned session);

  const int number;
  const bool is_main;
  std::atomic<bool> calls{false};  // it has begun a loop that is in no other
  std::mutex lock;
  std::atomic<unsigned> session{0};
  std::unordered_map<name, row, name_hash, name_equal> rows;  // those of spans and counters stay empty
  record_list records;
  std::atomic<const void*> reading{nullptr};  // the list of observers that it goes through

  // For the thread alone:
  std::unique_ptr<observation> spare;  // used before, for the next loop
  std::uint64_t current_loop = 0;      // whose chunk it runs
  hardware_counters counters;

 private:
  std::atomic<std::int64_t>& room_;
};

/// The profiler of the process: never destroyed, since static objects may loop in
/// their destructors, and threads at the end of the program. A child of fork() has a new one.
class profiler {
 public:
  static profiler& of_process();

  void start(const profile::settings& how);
  void stop() noexcept;
  bool is_on() const noexcept { return on_.load(std::memory_order_relaxed); }
  unsigned session() const noexcept { return session_.load(std::memory_order_acquire); }
  profile::time_point started() const noexcept { return started_.load(std::memory_order_relaxed); }
  bool counts_hardware() const noexcept { return counts_hardware_.load(std::memory_order_relaxed); }
  std::uint64_t next_loop() noexcept { return loops_.fetch_add(1, std::memory_order_relaxed) + 1; }

  thread_log& adopt_log();
  void give_back(thread_log& log);
  template <class See>
  void for_each_log(const See& see) {
    const std::lock_guard hold(lock_);
    for (const auto& each : logs_) see(*each);
  }

  observers watching;
  name_table names;
  alignas(64) std::atomic<std::int64_t> room{0};

 private:
  alignas(64) std::atomic<bool> on_{false};
  std::atomic<unsigned> session_{0};
  std::atomic<profile::time_point> started_{};
  std::atomic<bool> counts_hardware_{false};
  alignas(64) std::atomic<std::uint64_t> loops_{0};  // written by every loop, the others by none
  alignas(64) std::mutex start_lock_;
  std::mutex lock_;
  std::vector<std::unique_ptr<thread_log>> logs_;
  std::vector<thread_log*> unused_;
};

}  // namespace polyloop::detail
