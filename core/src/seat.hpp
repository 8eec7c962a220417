#pragma once

#include <atomic>
#include <cstdint>

#include "processor.hpp"
#include "shared_loop.hpp"
#include "time.hpp"

namespace polyloop::detail {

/// Where one helper is invited to loops. A single word says how things stand,
/// so every change is one exchange:
///
///     away -> coming -> watching <-> busy        and watching -> away
///       \        \          |          ^
///        `--------`---------`-> invited´         invitations may be taken back
class alignas(128) seat {
 public:
  bool is_watched() const noexcept { return word_.load(std::memory_order_relaxed) == watching; }
  bool is_invited() const noexcept { return word_.load(std::memory_order_relaxed) > last_state; }

  /// What a helper finds: a loop, and whether the number of its seat there is its own.
  struct invitation {
    shared_loop* work = nullptr;
    bool numbered = false;
  };

  /// Invites the helper that watches.
  bool invite_awake(const shared_loop& to, bool with_number) noexcept {
    hint_.store(to.first_read(), std::memory_order_relaxed);
    inviter_.store(this_processor(), std::memory_order_relaxed);
    std::uintptr_t expected = watching;
    return word_.compare_exchange_strong(expected, word_of(to) | (with_number ? numbered : 0),
                                         std::memory_order_seq_cst);
  }
  /// Invites whoever comes. `lend`: a thread must be asked for.
  bool invite_absent(const shared_loop& to, bool& lend) noexcept {
    std::uintptr_t expected = word_.load(std::memory_order_relaxed);
    if (expected != away && expected != coming) return false;
    lend = expected == away;
    inviter_.store(this_processor(), std::memory_order_relaxed);
    return word_.compare_exchange_strong(expected, word_of(to) | absent, std::memory_order_seq_cst);
  }
  /// Takes the invitation back; false if it is not there (any more).
  bool revoke(const shared_loop& from) noexcept {
    for (const std::uintptr_t bits : {std::uintptr_t{0}, numbered}) {
      std::uintptr_t expected = word_of(from) | bits;
      if (word_.compare_exchange_strong(expected, watching, std::memory_order_acquire)) return true;
    }
    std::uintptr_t expected = word_of(from) | absent;
    return word_.compare_exchange_strong(expected, coming, std::memory_order_acquire);
  }
  /// No thread is to be had for it; true if its invitation was still there.
  bool give_up(const shared_loop& to) noexcept {
    std::uintptr_t expected = word_of(to) | absent;
    if (word_.compare_exchange_strong(expected, away, std::memory_order_acquire)) return true;
    expected = coming;
    word_.compare_exchange_strong(expected, away, std::memory_order_acquire);
    return false;
  }

  // What follows is the helper's.

  /// Where the loop is that it is invited to; it may be gone.
  const void* address() const noexcept {
    return reinterpret_cast<const void*>(word_.load(std::memory_order_relaxed) & ~(absent | numbered));
  }

  /// Is busy from now on; with the loop that it is invited to, if any.
  invitation accept() noexcept {
    prefetch(&hint_);  // it is on its way while the exchange is
    const std::uintptr_t was = word_.exchange(busy, std::memory_order_acq_rel);
    if (was <= last_state) return {};
    return {reinterpret_cast<shared_loop*>(was & ~(absent | numbered)), (was & numbered) != 0};
  }
  void watch() noexcept { word_.store(watching, std::memory_order_seq_cst); }
  /// False if it was invited just now.
  bool go_away() noexcept {
    std::uintptr_t expected = watching;
    return word_.compare_exchange_strong(expected, away, std::memory_order_relaxed);
  }
  /// Whether the helper runs on the processor of who invited it last.
  bool is_in_the_way() const noexcept {
    const int here = this_processor();
    return here != unknown_processor && here == inviter_.load(std::memory_order_relaxed);
  }

  /// Who has a thread come to the seat begins with that, and has then done its loop.
  void lender_begins(clock::time_point now) noexcept {
    lent_since_.store(now, std::memory_order_relaxed);
    lender_is_done_.store(false, std::memory_order_relaxed);
  }
  void lender_done() noexcept { lender_is_done_.store(true, std::memory_order_relaxed); }
  bool lender_is_done() const noexcept { return lender_is_done_.load(std::memory_order_relaxed); }
  clock::time_point lent_since() const noexcept { return lent_since_.load(std::memory_order_relaxed); }
  /// What the body of the loop that it is invited to reads first, most likely.
  const void* hint() const noexcept { return hint_.load(std::memory_order_relaxed); }

 private:
  enum : std::uintptr_t { away, coming, watching, busy, last_state = busy };
  // Within an invitation, which is the address of a loop:
  static constexpr std::uintptr_t absent = 1;    // the helper is still to come
  static constexpr std::uintptr_t numbered = 2;  // it need not take a number

  static std::uintptr_t word_of(const shared_loop& to) noexcept {
    return reinterpret_cast<std::uintptr_t>(&to);
  }

  std::atomic<std::uintptr_t> word_{away};
  // In a line of its own: it is written while the helper looks at the word.
  alignas(128) std::atomic<const void*> hint_{nullptr};
  std::atomic<int> inviter_{unknown_processor};
  std::atomic<bool> lender_is_done_{true};
  std::atomic<clock::time_point> lent_since_{};
};

}  // namespace polyloop::detail
