#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include "polyloop/backend.hpp"
#include "polyloop/detail/launch.hpp"
#include "polyloop/profile.hpp"
#include "profile/observers.hpp"
#include "profile/records.hpp"
#include "profile/stretch.hpp"

namespace polyloop::detail {

class profiler;

/// What one worker has done for a loop: written by the worker, read by the
/// loop's caller in the end. Kept from loop to loop, so that its lines stay where
/// they are written; whoever is the first to write for another loop clears it.
struct alignas(64) worker_share {
  std::uint64_t loop = 0;
  std::chrono::nanoseconds busy{0};
  std::uint64_t chunks = 0;
  std::uint64_t stolen = 0;
  index_t iterations = 0;
  profile::time_point first_begin = {};
  profile::time_point last_end = {};
  // Seldom written, so not in that line:
  alignas(64) profile::hardware_counts counts = {};
  profile::work_sample front_alone = {};
  profile::work_sample front_together = {};
};

/// The profiler's side of one loop that is running. A thread uses it for one loop
/// after the other.
class alignas(64) observation {
 public:
  explicit observation(thread_log& log);
  observation(const observation&) = delete;
  observation& operator=(const observation&) = delete;

  void begin(const loop_call& call, const loop_options& options);
  void end();

  /// Runs the loop, or the rest of it, on a backend, and observes its chunks.
  void run_on(backend& engine, const loop& work);
  /// A chunk, on any worker.
  void operator()(index_t first, index_t last, int worker);
  void begin(stretch& what, index_t first, index_t last, const moment& at);
  void end(stretch& what, const moment& at);
  /// Of what its caller does alone, which begins with the loop.
  moment begin_of_start() const;
  bool counts_hardware() const noexcept;

  thread_log& log() const noexcept { return log_; }

 private:
  worker_share& share_of(const stretch& of) noexcept;
  bool is_front(index_t last) const noexcept { return last <= front_; }
  bool goes_on(const hand_out& how, index_t first, index_t last) const noexcept;
  void run_chunk(const hand_out& how, index_t first, index_t last, int worker);
  void add_to_share(const stretch& what, const moment& end);
  profile::chunk_event event_of(const stretch& what, profile::time_point end) const;
  void launches(const loop& work);
  void find_end();
  void record_loop();

  // What every chunk reads, in one cache line: helpers fetch it from the caller's cache.
  function_ref<void(index_t, index_t, int)> chunk_;
  profiler& profiler_;
  std::uint64_t loop_ = 0;
  worker_share* shares_ = nullptr;  // null until it is shared
  index_t front_ = 0;               // the end of the first eighth
  unsigned session_ = 0;            // the recording that this belongs to; 0 for none
  name_id name_ = 0;

  alignas(64) std::atomic<bool> helped_{false};
  // For the caller:
  alignas(64) thread_log& log_;
  profile::loop_event event_;
  site* here_ = nullptr;
  int exceptions_before_ = 0;
  profile::loop_summary* sums_ = nullptr;
  profile::time_point launched_at_ = {};
  worker_share alone_;  // what the caller did before it was shared
  std::vector<worker_share> all_shares_;
};

struct ends_observation {
  void operator()(observation* of) const;
};
/// What runs this thread's loop is to keep; null where nobody watches.
using observed_loop = std::unique_ptr<observation, ends_observation>;

observed_loop observe(const loop_call& call, const loop_options& options);
inline observed_loop observe_if_watched(const loop_call& call, const loop_options& options) {
  if (loop_watchers.load(std::memory_order_relaxed) == 0) [[likely]]
    return nullptr;
  return observe(call, options);
}

/// What the caller of a loop does alone, observed for the time of a block; nothing
/// where there is no observation. `last` is read when the block ends.
class observed_start {
 public:
  observed_start(observation* of, index_t first, const index_t& last) : of_(of) {
    if (of_ != nullptr) [[unlikely]]
      begin(first, last);
  }
  observed_start(const observed_start&) = delete;
  observed_start& operator=(const observed_start&) = delete;
  ~observed_start() {
    if (of_ != nullptr) [[unlikely]]
      end();
  }

 private:
  void begin(index_t first, const index_t& last);
  void end();

  observation* const of_;
  const index_t* last_;  // only where there is an observation
  stretch mine_;
};

}  // namespace polyloop::detail
