#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <exception>
#include <limits>
#include <optional>
#include <utility>

#include "polyloop/detail/first_failure.hpp"
#include "polyloop/detail/turns.hpp"

namespace polyloop::detail {

/// The prefixes of a scan's blocks, handed from each block to the next one: a
/// queue lock in the form of an array (T. Anderson, "The performance of spin lock
/// alternatives for shared-memory multiprocessors", 1990), which passes a value on.
///
/// A block that was taken awaits its turn and passes it on exactly once, so every
/// wait is for a thread that is running.
template <class T>
class scan_chain {
 public:
  scan_chain() = default;
  scan_chain(const scan_chain&) = delete;
  scan_chain& operator=(const scan_chain&) = delete;

  /// The next block that nobody has taken.
  index_t take() noexcept { return next_.fetch_add(1, std::memory_order_relaxed); }

  /// The prefix of a block: nothing where one before it has failed. It stays
  /// until the block's turn has been passed on.
  const T* await(index_t block) const noexcept {
    const cell& mine = cell_of(block);
    await_turn(mine.number, block);
    return mine.number.load(std::memory_order_acquire) == block ? &*mine.prefix : nullptr;
  }

  /// Gives a block its prefix: the first one once, each other one by the block before it.
  void hand_over(index_t block, T prefix) {
    cell& to = cell_of(block);
    to.prefix.emplace(std::move(prefix));
    to.number.store(block, std::memory_order_release);
  }

  /// A block has thrown `what`; that of the lowest block counts.
  void fail(index_t block, std::exception_ptr what) noexcept { failure_.record(block, std::move(what)); }
  /// Instead of hand_over(): there is no prefix, a block before has failed.
  void hand_over_failure(index_t block) noexcept {
    cell_of(block).number.store(~block, std::memory_order_release);
  }
  bool failed() const noexcept { return failure_.any(); }
  void rethrow_if_failed() { failure_.rethrow_if_any(); }

 private:
  struct alignas(64) cell {
    std::atomic<index_t> number{std::numeric_limits<index_t>::max()};
    std::optional<T> prefix;
  };

  // A cell is free again when its block has passed its turn on, which is before the
  // turn comes to the block that writes to it.
  static constexpr index_t cells = 8;

  cell& cell_of(index_t block) noexcept { return ring_[static_cast<std::size_t>(block % cells)]; }
  const cell& cell_of(index_t block) const noexcept { return ring_[static_cast<std::size_t>(block % cells)]; }

  std::array<cell, static_cast<std::size_t>(cells)> ring_;
  alignas(64) std::atomic<index_t> next_{0};
  first_failure failure_;
};

}  // namespace polyloop::detail
