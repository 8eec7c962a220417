#pragma once

#include <atomic>
#include <source_location>

#include "polyloop/index.hpp"

namespace polyloop::detail {

/// Threads that wait for loops or help with them, in all backends. While there is
/// none, also loops of some microseconds are small: they would have to wake one.
inline constinit std::atomic<int> helpers_present{0};

/// What one call site has taught: the cost of its iterations. Every lambda has
/// a type of its own, so a variable template over the type is a table of call
/// sites that needs no look-up. Written rarely (only when the belief changes
/// noticeably), read at every loop.
class site {
 public:
  /// `type_text` is what the compiler calls the loop's type, for the profiler.
  constexpr explicit site(const char* type_text = "") noexcept : type_text_(type_text) {}

  /// True for a loop that is known to be so small that not even a clock is
  /// worth reading. Now and then it says false, so that the belief is checked.
  bool small(index_t count) noexcept {
    return (count <= small_count_.load(std::memory_order_relaxed) || small_for_lack_of_helpers(count)) &&
           --until_check_ != 0;
  }
  /// A loop of this thread is looked at. Returns how many were told to be small
  /// since the last that was; the next ones are not, unless this one teaches more.
  static unsigned begin_look() noexcept;

  /// The next loop of this thread is looked at, however small.
  static void look_at_next() noexcept { check_after_ = until_check_ = 1; }

  /// Cost of an iteration in nanoseconds; 0 while nothing is known.
  float cost() const noexcept { return cost_.load(std::memory_order_relaxed); }

  /// Takes in that `count` iterations took `nanoseconds`.
  void learn(index_t count, double nanoseconds) noexcept;

  /// By how many times a loop of this site must hold more than is worth sharing
  /// elsewhere: 1 unless shared loops took longer than they would have alone.
  float doubt() const noexcept { return doubt_.load(std::memory_order_relaxed); }
  /// A loop that held so many times the work that is worth sharing was shared. One
  /// that lost by it may have been interrupted; two in a row are believed.
  void shared(double times_least, bool lost) noexcept;
  /// A loop ran alone for doubt's sake: that fades, so that sharing is tried again.
  void doubted() noexcept;

  /// No loop is small until the next one has taught again that it is: for those who watch them all.
  void forget_that_small() noexcept;

  const char* type_text() const noexcept { return type_text_; }

 private:
  double corrected(double believed, double seen) noexcept;
  bool small_for_lack_of_helpers(index_t count) const noexcept {
    return count <= alone_count_.load(std::memory_order_relaxed) &&
           helpers_present.load(std::memory_order_relaxed) == 0;
  }

  std::atomic<index_t> small_count_{0};
  std::atomic<index_t> alone_count_{0};
  std::atomic<float> cost_{0};
  std::atomic<float> suspected_{0};  // the last measurement, where it was much too long
  std::atomic<float> doubt_{1};
  std::atomic<bool> lost_{false};
  const char* const type_text_;
  // Per thread, not per site: a counter that threads share would cost more than the loops it counts.
  static inline thread_local constinit unsigned until_check_ = 1;
  static inline thread_local constinit unsigned check_after_ = 1;
};

template <class Key>
constexpr const char* type_text() noexcept {
  return std::source_location::current().function_name();
}

template <class Key>
inline constinit site site_of{type_text<Key>()};

}  // namespace polyloop::detail
