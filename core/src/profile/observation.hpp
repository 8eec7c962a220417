#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>

#include "polyloop/backend.hpp"
#include "polyloop/detail/launch.hpp"
#include "polyloop/profile.hpp"
#include "profile/observers.hpp"
#include "profile/records.hpp"

namespace polyloop::detail {

class thread_log;
class profiler;

/// What one worker has done for a loop. Written by the worker, read by the
/// loop's caller in the end.
struct alignas(64) worker_share {
  std::chrono::nanoseconds busy{0};
  std::uint64_t chunks = 0;
  std::uint64_t stolen = 0;
  index_t iterations = 0;
  profile::time_point first_begin = {};  // of its chunks since the launch
  profile::time_point last_end = {};
  profile::hardware_counts counts;
  profile::work_sample front_alone;
  profile::work_sample front_together;
};

/// The profiler's side of one loop that is running.
class observation {
 public:
  observation(const loop_call& call, const loop_options& options);
  observation(const observation&) = delete;
  observation& operator=(const observation&) = delete;
  ~observation();

  /// Runs the loop, or the rest of it, on a backend, and observes its chunks.
  void run_on(backend& engine, const loop& work);

 private:
  friend class observed_chunk;

  worker_share& share_of(int worker) const noexcept { return shares_[static_cast<std::size_t>(worker)]; }
  bool is_front(index_t last) const noexcept { return last <= event_.count / 8; }
  void launches(const loop& work);
  void find_delays() noexcept;
  void record_loop() const;

  profiler& profiler_;
  thread_log& log_;  // of the caller
  profile::loop_event event_;
  site& here_;
  const int exceptions_before_;
  unsigned session_ = 0;  // the recording that this belongs to; 0 for none
  name_id name_ = 0;
  std::atomic<bool> helped_{false};
  profile::time_point launched_at_ = {};
  worker_share before_launch_;  // of the caller
  std::array<worker_share, 4> few_;
  std::unique_ptr<worker_share[]> many_;
  worker_share* shares_ = few_.data();
};

/// What runs this thread's loop is to keep; null where nobody watches.
std::unique_ptr<observation> observe(const loop_call& call, const loop_options& options);
inline std::unique_ptr<observation> observe_if_watched(const loop_call& call, const loop_options& options) {
  if (loop_watchers.load(std::memory_order_relaxed) == 0) [[likely]]
    return nullptr;
  return observe(call, options);
}

/// A chunk of a loop, observed for the time of a block; nothing where there is
/// no observation. `last` is read when the block ends.
class observed_chunk {
 public:
  observed_chunk(observation* of, int worker, index_t first, const index_t& last) : of_(of) {
    if (of_ != nullptr) [[unlikely]]
      begin(worker, first, last);
  }
  observed_chunk(const observed_chunk&) = delete;
  observed_chunk& operator=(const observed_chunk&) = delete;
  ~observed_chunk() {
    if (of_ != nullptr) [[unlikely]]
      end();
  }

 private:
  void begin(int worker, index_t first, const index_t& last);
  void end();
  void add_to_share(const profile::hardware_counts& counts);
  profile::chunk_event event() const;

  observation* const of_;
  // Only where there is an observation:
  thread_log* log_;
  const index_t* last_;
  index_t first_;
  profile::time_point begin_;
  profile::time_point end_;
  profile::hardware_counts counts_;
  std::uint64_t around_;
  int worker_;
  bool stolen_;
};

}  // namespace polyloop::detail
