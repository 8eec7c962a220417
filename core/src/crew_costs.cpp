// What it costs to have helpers come, and so which loops are worth it.
#include <algorithm>
#include <utility>

#include "budget.hpp"
#include "crew.hpp"
#include "lonely_work.hpp"
#include "polyloop/detail/site.hpp"
#include "resolve.hpp"
#include "time.hpp"

namespace polyloop::detail {

namespace {

constexpr double no_helper = 20'000;  // nanoseconds within which one that is awake has come

// The time between the loops of this thread that begin now and that began before.
std::chrono::nanoseconds pause_before(clock::time_point now) {
  static thread_local constinit clock::time_point last;
  static thread_local constinit std::chrono::nanoseconds pause{0};
  if (now != last) pause = now - std::exchange(last, now);
  return pause;
}

}  // namespace

std::chrono::nanoseconds crew::least_work(clock::time_point now) noexcept {
  const std::chrono::nanoseconds pause = pause_before(now);
  const bool awake = present_.load(std::memory_order_relaxed) > 0;
  if (awake) calibrate_once();
  const bool soon_awake = awake || lonely_work::of_this_thread().nanoseconds() > costs_.call() / 2;
  if (!soon_awake || !may_have_helper(this_context())) return rounded(costs_.least_asleep());
  return rounded(costs_.least_awake(pause));
}

bool crew::may_have_helper(const context& here) const noexcept {
  if (shared_loop* const around = loop_around()) return around->tokens().any();
  return here.oversubscribe || budget::of_process().has_helper(here.counted);
}

// From an invitation until the helper has begun.
double crew::probe() {
  std::atomic<bool> begun{false};
  const auto note = [&begun](index_t, index_t, int worker) {
    if (worker != 0) begun.store(true, std::memory_order_release);
  };
  const auto start = clock::now();
  shared_loop nothing(
      *this, {.begin = 0, .end = 2, .schedule = schedule::static_(), .workers = 2, .chunk = note}, 0);
  nothing.expect();
  if (!invite_awake(nothing)) return no_helper;
  while (!begun.load(std::memory_order_acquire) && nanoseconds_since(start) < no_helper) {
  }
  const double taken = nanoseconds_since(start);
  take_back_invitations(nothing);
  wait_for(nothing);
  return taken;
}

void crew::calibrate_once() {
  if (calibrated_.load(std::memory_order_relaxed) || calibrated_.exchange(true, std::memory_order_relaxed))
    return;
  double least = no_helper;
  for (int round = 0; round < 10; ++round) least = std::min(least, probe());
  if (least < no_helper) costs_.saw_awake(least);
}

void crew::worked_alone(std::chrono::nanoseconds work, int times) noexcept {
  const auto nanoseconds = static_cast<double>(work.count());
  costs_.did_not_wake_for(nanoseconds);
  if (nanoseconds >= costs_.least_awake({}))
    lonely_work::of_this_thread().add(work, times, resolve_spin(this_context()));
}

}  // namespace polyloop::detail
