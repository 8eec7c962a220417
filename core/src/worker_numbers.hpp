#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>

namespace polyloop::detail {

/// The numbers 0 .. workers - 1 of a loop's workers, each given to one at a time. Number 0
/// is the caller's from the start. Who gets a number sees what was done by who gave it back. Thread-safe.
class worker_numbers {
 public:
  explicit worker_numbers(int workers) : workers_(workers) {
    const int words = (workers + bits - 1) / bits;
    if (words == 1) return;
    more_ = std::make_unique<word[]>(static_cast<std::size_t>(words));
    more_[0].store(1, std::memory_order_relaxed);
  }

  /// A certain number, if it is to be had; it can be given back.
  bool take_exactly(int number) noexcept { return number < workers_ && mark(number); }
  void give_back(int number) noexcept {
    word_of(number).fetch_and(~(std::uint64_t{1} << (number % bits)), std::memory_order_release);
  }

  /// The preferred number if it is to be had, so that a thread gets the same
  /// one in the next loop; else any; -1 when all are given.
  int take(int preferred) noexcept {
    if (take_exactly(preferred)) return preferred;
    for (int first = 0; first < workers_; first += bits) {
      while (true) {
        const int number = first + std::countr_one(word_of(first).load(std::memory_order_relaxed));
        if (number >= workers_ || number >= first + bits) break;
        if (mark(number)) return number;
      }
    }
    return -1;
  }

 private:
  using word = std::atomic<std::uint64_t>;
  static constexpr int bits = 64;

  word& word_of(int number) noexcept {
    return more_ == nullptr ? few_ : more_[static_cast<std::size_t>(number / bits)];
  }
  bool mark(int number) noexcept {
    const std::uint64_t bit = std::uint64_t{1} << (number % bits);
    return (word_of(number).fetch_or(bit, std::memory_order_acquire) & bit) == 0;
  }

  const int workers_;
  word few_{1};
  std::unique_ptr<word[]> more_;
};

}  // namespace polyloop::detail
