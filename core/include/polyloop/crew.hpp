#pragma once

#include <memory>

#include "polyloop/backend.hpp"

namespace polyloop {

/// A backend whose runtime lends threads, and no more; core does the rest:
/// chunks by every schedule, nested loops, one budget for all callers, workers
/// kept warm between loops.
///
/// Every helper has a seat. The caller of a loop writes its invitation on the
/// seats of helpers that watch them, and begins at once: it never waits for a
/// helper that has not come. A helper with nothing left to do looks for another
/// open loop, then watches its seat for the time that
/// `scoped_context{.spin = ...}` or POLYLOOP_SPIN allows, and goes back to its
/// runtime. A caller that waits for the last chunks of its loop meanwhile takes
/// part in loops inside that one, and in no others (isolation).
class crew_backend : public backend {
 public:
  static constexpr int most_seats = 1024;

  void run(const loop& work) override;
  std::chrono::nanoseconds least_work(std::chrono::steady_clock::time_point now) noexcept final;
  void worked_alone(std::chrono::nanoseconds work, int times) noexcept final;
  bool keeps_budget() const noexcept final { return true; }
  int most_workers() const noexcept final;
  detail::crew* helpers() noexcept final { return crew_.get(); }

 protected:
  crew_backend();
  ~crew_backend();

  /// To be overridden: has a thread of the runtime call serve(seat), soon, and
  /// returns without waiting for it. Called from any thread, one at a time, for
  /// seats 0, 1, 2, ... below most_seats; for a seat again only when its serve()
  /// has ended or is about to. What it throws is
  /// taken to mean that there is no thread to be had.
  virtual void lend(int seat) = 0;

  /// Helps until there has been nothing to do for a while. Holds no locks.
  void serve(int seat) noexcept;

  /// Whether this process came from fork() after the first crew was there: it
  /// has none of the threads.
  static bool is_forked_child() noexcept;

 private:
  friend class detail::crew;
  std::unique_ptr<detail::crew> crew_;
};

}  // namespace polyloop
