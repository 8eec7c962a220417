#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>

#include "polyloop/detail/task.hpp"

namespace polyloop::detail {

/// The tasks of one thread. Its owner puts them to the back and takes them from there, the newest first, and
/// locks only where it meets a thief; thieves take from the front, one at a time (the THE protocol of
/// Cilk-5: Frigo, Leiserson, Randall 1998). As the thief holds the lock it can look at a task before
/// it takes it, which a thief of a Chase-Lev deque cannot.
///
/// A task that is taken from the middle leaves a hole: a null pointer.
class task_deque {
 public:
  static constexpr std::int64_t all_of_them = std::numeric_limits<std::int64_t>::max();

  /// Of the owner; returns the task's place.
  std::int64_t push(task& each) {
    const std::int64_t back = back_.load(std::memory_order_relaxed);
    if (back >= end_of_room_) [[unlikely]]
      make_room(back);
    at(back).store(&each, std::memory_order_relaxed);
    back_.store(back + 1, std::memory_order_seq_cst);  // before the look at who has gone to sleep
    return back;
  }

  /// Of the owner: the newest task if it is a wanted one. `other` says that there was one which is not.
  template <class Wanted>
  task* pop(const Wanted& wanted, bool& other) {
    other = false;
    while (true) {
      const std::int64_t place = back_.load(std::memory_order_relaxed) - 1;
      if (front_.load(std::memory_order_relaxed) > place || !claim(place)) return nullptr;
      task* const newest = at(place).load(std::memory_order_relaxed);
      if (newest == nullptr) continue;
      if (wanted(*newest)) return newest;
      back_.store(place + 1, std::memory_order_seq_cst);
      other = true;
      return nullptr;
    }
  }

  /// Of the owner: the newest wanted task at this place or behind it.
  template <class Wanted>
  task* pop_from(std::int64_t lowest, const Wanted& wanted) {
    const std::lock_guard hold(lock_);
    const std::int64_t first = std::max(lowest, front_.load(std::memory_order_relaxed));
    for (std::int64_t place = back_.load(std::memory_order_relaxed); place-- > first;) {
      task* const each = at(place).load(std::memory_order_relaxed);
      if (each == nullptr || !wanted(*each)) continue;
      at(place).store(nullptr, std::memory_order_relaxed);
      return each;
    }
    return nullptr;
  }

  /// Of anybody: the oldest wanted task among so many. A thief who looks hides tasks from others, even ones that it
  /// does not want; a look at all of them waits until it has done so, and misses none.
  template <class Wanted>
  task* steal(const Wanted& wanted, std::int64_t most) {
    if (most != all_of_them && looks_empty()) return nullptr;
    const std::lock_guard hold(lock_);
    std::int64_t front = front_.load(std::memory_order_relaxed);
    task* found = nullptr;
    for (std::int64_t place = front; found == nullptr && place - front < most && freeze(place); ++place) {
      task* const each = at(place).load(std::memory_order_relaxed);
      if (each != nullptr && wanted(*each)) {
        found = each;
        at(place).store(nullptr, std::memory_order_relaxed);
      }
      if (place == front && (each == nullptr || found != nullptr)) ++front;
    }
    front_.store(front, std::memory_order_seq_cst);
    return found;
  }

  bool looks_empty() const noexcept {
    return front_.load(std::memory_order_seq_cst) >= back_.load(std::memory_order_seq_cst);
  }

 private:
  using place_type = std::atomic<task*>;
  static constexpr std::int64_t first_capacity = 64;

  place_type& at(std::int64_t place) noexcept { return places_[static_cast<std::size_t>(place & (capacity_ - 1))]; }

  // Takes the last place away from the thieves; false if it was the last of theirs.
  bool claim(std::int64_t place) {
    back_.store(place, std::memory_order_seq_cst);
    if (front_.load(std::memory_order_seq_cst) <= place) [[likely]]
      return true;
    const std::lock_guard no_thief(lock_);
    if (front_.load(std::memory_order_relaxed) <= place) return true;
    back_.store(place + 1, std::memory_order_seq_cst);
    return false;
  }

  // Takes a place away from the owner, for the time of the lock.
  bool freeze(std::int64_t place) noexcept {
    front_.store(place + 1, std::memory_order_seq_cst);
    return place < back_.load(std::memory_order_seq_cst);
  }

  void make_room(std::int64_t back) {
    const std::lock_guard no_thief(lock_);
    const std::int64_t front = front_.load(std::memory_order_relaxed);
    if (back - front >= capacity_) grow(front, back);
    end_of_room_ = front + capacity_;
  }

  void grow(std::int64_t front, std::int64_t back) {
    const std::int64_t larger = std::max(first_capacity, 2 * capacity_);
    auto places = std::make_unique<place_type[]>(static_cast<std::size_t>(larger));
    for (std::int64_t place = front; place < back; ++place)
      places[static_cast<std::size_t>(place & (larger - 1))].store(at(place).load(std::memory_order_relaxed),
                                                                  std::memory_order_relaxed);
    places_ = std::move(places);
    capacity_ = larger;
  }

  alignas(128) std::atomic<std::int64_t> back_{0};
  std::int64_t end_of_room_ = 0;
  std::int64_t capacity_ = 0;  // a power of two
  std::unique_ptr<place_type[]> places_;
  alignas(128) std::atomic<std::int64_t> front_{0};
  std::mutex lock_;
};

}  // namespace polyloop::detail
