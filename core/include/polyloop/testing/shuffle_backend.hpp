#pragma once

#include <atomic>
#include <cstdint>

#include "polyloop/backend.hpp"
#include "polyloop/profile.hpp"

namespace polyloop::testing {

/// How a shuffle_backend runs loops.
struct shuffle_options {
  /// Decides the order of the chunks: the same seed, the same loops, the same order.
  std::uint64_t seed = 1;
  /// Hands the chunks to two threads that take turns by lot, one at a time. Shows
  /// bodies that keep something in the thread from one iteration to the next.
  bool interleave = false;
};

/// A backend for tests: runs the chunks of a loop one after the other, in an order
/// by lot. A loop whose result depends on the order of its iterations, such as
/// one that keeps a running sum, gives another result on it, each time the same:
///
///     testing::shuffle_backend shuffled({.seed = 7});
///     const scoped_context scope{.backend = shuffled, .workers = 2, .oversubscribe = true};
///
/// The scope asks for two workers since a loop for one is the plain loop, as it
/// is on a machine of one CPU.
///
/// A loop of n <= 4096 iterations is cut into n chunks, a longer one into about 4096 (512 where
/// two threads interleave); its schedule is not looked at. The first automatic loop of a call site begins
/// with its first iteration. It shows no data races: no two bodies run at the same
/// time (ThreadSanitizer does that, on any other backend).
///
/// While one is there, small loops of the whole process are looked at and not run
/// inline unseen. Make it before a call site has run elsewhere: a site that
/// knows that it is small stays inline for at most 1024 loops more.
///
/// O(n) time, O(min(n, 4096)) memory. Interleaving starts a thread for each loop; where
/// there is none to be had, std::system_error is thrown before anything ran.
/// Thread-safe; the order is repeatable where one thread begins the loops.
class shuffle_backend final : public backend, private profile::observer {
 public:
  explicit shuffle_backend(const shuffle_options& how = {}) : how_(how), watching_(*this) {}

  std::string_view name() const noexcept override { return how_.interleave ? "shuffle two" : "shuffle"; }
  void run(const loop& work) override;

  int most_workers() const noexcept override { return 2; }
  /// Every loop is worth shuffling.
  std::chrono::nanoseconds least_work(std::chrono::steady_clock::time_point) noexcept override {
    return std::chrono::nanoseconds(0);
  }
  /// It needs no helper from the budget: one thread runs at a time.
  bool keeps_budget() const noexcept override { return true; }

 private:
  const shuffle_options how_;
  std::atomic<std::uint64_t> loops_{0};
  profile::scoped_observer watching_;
};

}  // namespace polyloop::testing
