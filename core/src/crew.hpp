#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

#include "launch_costs.hpp"
#include "polyloop/context.hpp"
#include "polyloop/crew.hpp"
#include "seat.hpp"
#include "shared_loop.hpp"

namespace polyloop::detail {

/// The helpers of a crew_backend: their seats, and the loops that want more of
/// them than they found.
class crew {
 public:
  explicit crew(crew_backend& lender);

  void run(const loop& work);
  std::chrono::nanoseconds least_work() noexcept;
  void worked_alone(std::chrono::nanoseconds work, int times) noexcept;
  void serve(int number) noexcept;
  int most_helpers() const noexcept { return capacity_; }

 private:
  void run_outermost(const loop& work);
  void share_out(shared_loop& work, int wanted);
  void see_off(shared_loop& work);
  int invite(shared_loop& work, int wanted);
  bool invite_awake(shared_loop& work);
  int wanted_seats() const noexcept;
  bool invite_absent(shared_loop& work);
  bool lend(int number, shared_loop& work);
  void take_back_invitations(shared_loop& work) noexcept;
  void post(shared_loop& work) noexcept;
  void withdraw(shared_loop& work) noexcept;
  bool admit(shared_loop& work);
  shared_loop* join_open(const shared_loop* inside_of);
  void invite_to_open();
  void help(shared_loop& work, int worker) noexcept;
  void help_and_leave(shared_loop& work, int worker) noexcept;
  static void step_aside(const seat& mine) noexcept;
  bool wait_for_invitation(seat& mine, unsigned seen) const noexcept;
  void wait_for(shared_loop& work);
  void sleep_until_event(const shared_loop& work);
  void announce() noexcept;
  seat& at(int number) const noexcept { return seats_[static_cast<std::size_t>(number)]; }
  bool may_have_helper(const context& here) const noexcept;
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
  std::atomic<std::chrono::nanoseconds::rep> spin_{0};

  alignas(64) std::mutex lock_;
  shared_loop* open_ = nullptr;      // loops that want more helpers, the oldest first
  std::atomic<int> wanting_{0};      // their number, to be read without the lock
  std::atomic<unsigned> posts_{0};   // counts what was put there
  std::atomic<int> sleepers_{0};     // callers that wait asleep
  std::atomic<unsigned> events_{0};  // counts what they may wait for
};

}  // namespace polyloop::detail
