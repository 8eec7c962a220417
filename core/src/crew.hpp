#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

#include "events.hpp"
#include "hot_path.hpp"
#include "launch_costs.hpp"
#include "open_loops.hpp"
#include "polyloop/context.hpp"
#include "polyloop/crew.hpp"
#include "seat.hpp"
#include "shared_loop.hpp"
#include "time.hpp"

namespace polyloop::detail {

/// The helpers of a crew_backend: their seats, and the loops that want more of
/// them than they found.
class crew {
 public:
  explicit crew(crew_backend& lender);

  POLYLOOP_HOT_PATH void run(const loop& work);
  POLYLOOP_HOT_PATH std::chrono::nanoseconds least_work(clock::time_point now) noexcept;
  POLYLOOP_HOT_PATH void worked_alone(std::chrono::nanoseconds work, int times) noexcept;
  POLYLOOP_HOT_PATH void serve(int number) noexcept;
  int most_helpers() const noexcept { return capacity_; }

  /// The loop whose chunks this thread runs or waits for, of whatever crew; or null.
  static shared_loop* current() noexcept;
  /// Whether this process has none of the threads: it comes from fork().
  static bool is_forked_child() noexcept;
  /// For a thread that waits for the tasks of a group: takes part in a loop inside them, if there is one.
  bool help_inside_group(const task_scope& group);

 private:
  friend class standing_loop;
  friend class task_pool;
  POLYLOOP_HOT_PATH void run_outermost(const loop& work);
  void stay_awake_as_under(const context& here);
  POLYLOOP_HOT_PATH shared_loop* loop_around() const noexcept;
  POLYLOOP_HOT_PATH void share_out(shared_loop& work, int wanted);
  void lender_done() noexcept;
  POLYLOOP_HOT_PATH void see_off(shared_loop& work);
  POLYLOOP_HOT_PATH int invite(shared_loop& work, int wanted);
  POLYLOOP_HOT_PATH bool invite_awake(shared_loop& work);
  int wanted_seats() const noexcept;
  bool invite_absent(shared_loop& work);
  bool lend(int number, shared_loop& work);
  void take_back_invitations(shared_loop& work) noexcept;
  bool admit(shared_loop& work);
  template <class May>
  shared_loop* join_open(const May& may);
  template <class Around>
  bool help_inside(const Around& around);
  void invite_to_open();
  POLYLOOP_HOT_PATH void help(shared_loop& work, int worker) noexcept;
  POLYLOOP_HOT_PATH void help_and_leave(shared_loop& work, int worker) noexcept;
  static void step_aside(const seat& mine) noexcept;
  static void let_lender_go_on(const seat& mine) noexcept;
  POLYLOOP_HOT_PATH bool wait_for_invitation(seat& mine, unsigned seen) const noexcept;
  POLYLOOP_HOT_PATH void wait_for(shared_loop& work);
  seat& at(int number) const noexcept { return seats_[static_cast<std::size_t>(number)]; }
  POLYLOOP_HOT_PATH bool may_have_helper(const context& here) const noexcept;
  double probe();
  void calibrate_once();

  crew_backend& lender_;
  const int capacity_;
  const std::unique_ptr<seat[]> seats_;
  launch_costs costs_;
  std::mutex lend_lock_;
  std::atomic<bool> calibrated_{false};
  alignas(64) std::atomic<int> present_{0};  // threads that serve
  std::atomic<int> beyond_budget_{0};        // helpers of loops that oversubscribe
  std::atomic<int> used_{0};                 // seats that were ever taken
  std::atomic<std::chrono::nanoseconds> spin_{};

  alignas(64) open_loops open_;
  events events_;  // what waiting callers may wait for
};

}  // namespace polyloop::detail
