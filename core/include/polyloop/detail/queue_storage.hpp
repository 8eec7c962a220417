#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "polyloop/padded.hpp"

namespace polyloop::detail {

/// The first in, first out store of a bounded queue, for values that move
/// without throwing: D. Vyukov's bounded queue (1024cores.net, 2010). A place
/// tells by its turn whose it is: 2 * ticket while it waits for the value of
/// that ticket, 2 * ticket + 1 while it holds it. All operations on turns and
/// tickets are sequentially consistent, as event_count asks.
template <class T>
class lock_free_store {
 public:
  explicit lock_free_store(std::size_t capacity)
      : capacity_(capacity), places_(std::make_unique<place[]>(capacity)) {
    for (std::size_t i = 0; i < capacity; ++i) places_[i].turn.store(2 * i, std::memory_order_relaxed);
  }
  lock_free_store(const lock_free_store&) = delete;
  lock_free_store& operator=(const lock_free_store&) = delete;
  ~lock_free_store() {
    std::optional<T> left;
    while (take(left)) left.reset();
  }

  /// Whether there was room, and the store was open; else `value` is untouched.
  bool put(T& value) {
    std::uint64_t next = next_in_.value.load();
    while ((next & closed_bit) == 0) {
      const std::uint64_t ticket = next / one_ticket;
      place& here = places_[ticket % capacity_];
      const auto ahead = static_cast<std::int64_t>(here.turn.load() - 2 * ticket);
      if (ahead < 0) return false;
      if (ahead > 0) {
        next = next_in_.value.load();
      } else if (next_in_.value.compare_exchange_weak(next, next + one_ticket)) {
        ::new (static_cast<void*>(here.bytes)) T(std::move(value));
        here.turn.store(2 * ticket + 1);
        return true;
      }
    }
    return false;
  }

  /// Whether there was a value; it is put into `value`, which is empty before.
  bool take(std::optional<T>& value) {
    std::uint64_t ticket = next_out_.value.load();
    for (;;) {
      place& here = places_[ticket % capacity_];
      const auto ahead = static_cast<std::int64_t>(here.turn.load() - (2 * ticket + 1));
      if (ahead < 0) return false;
      if (ahead > 0) {
        ticket = next_out_.value.load();
      } else if (next_out_.value.compare_exchange_weak(ticket, ticket + 1)) {
        empty(here, ticket, value);
        return true;
      }
    }
  }

  void close() noexcept { next_in_.value.fetch_or(closed_bit); }
  bool closed() const noexcept { return (next_in_.value.load() & closed_bit) != 0; }
  /// Closed, and every value that got in has been taken, or is being taken.
  bool drained() const noexcept {
    const std::uint64_t out = next_out_.value.load();
    const std::uint64_t in = next_in_.value.load();
    return (in & closed_bit) != 0 && in / one_ticket == out;
  }
  std::size_t size() const noexcept {
    const std::uint64_t out = next_out_.value.load();
    return static_cast<std::size_t>(next_in_.value.load() / one_ticket - out);
  }

 private:
  static constexpr std::uint64_t closed_bit = 1;
  static constexpr std::uint64_t one_ticket = 2;

  struct alignas(64) place {
    std::atomic<std::uint64_t> turn{0};
    alignas(T) std::byte bytes[sizeof(T)];
  };

  void empty(place& here, std::uint64_t ticket, std::optional<T>& value) noexcept {
    T& held = *std::launder(reinterpret_cast<T*>(here.bytes));
    value.emplace(std::move(held));
    held.~T();
    here.turn.store(2 * (ticket + capacity_));
  }

  const std::size_t capacity_;
  const std::unique_ptr<place[]> places_;
  padded<std::atomic<std::uint64_t>> next_in_;  // tickets given to producers; the lowest bit: closed
  padded<std::atomic<std::uint64_t>> next_out_;
};

/// The same for values whose move may throw: a value leaves its old place only
/// once it has arrived at the new one, which takes a lock.
template <class T>
class locked_store {
 public:
  explicit locked_store(std::size_t capacity) : capacity_(capacity) {}

  bool put(T& value) {
    const std::lock_guard lock(mutex_);
    if (closed_ || values_.size() >= capacity_) return false;
    values_.push_back(std::move(value));
    return true;
  }

  bool take(std::optional<T>& value) {
    const std::lock_guard lock(mutex_);
    if (values_.empty()) return false;
    value.emplace(std::move(values_.front()));
    values_.pop_front();
    return true;
  }

  void close() noexcept {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  bool closed() const noexcept {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  bool drained() const noexcept {
    const std::lock_guard lock(mutex_);
    return closed_ && values_.empty();
  }
  std::size_t size() const noexcept {
    const std::lock_guard lock(mutex_);
    return values_.size();
  }

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::deque<T> values_;
  bool closed_ = false;
};

template <class T>
using queue_store =
    std::conditional_t<std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>,
                       lock_free_store<T>, locked_store<T>>;

}  // namespace polyloop::detail
