#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <utility>

#include "polyloop/detail/event_count.hpp"
#include "polyloop/detail/queue_storage.hpp"
#include "polyloop/error.hpp"
#include "polyloop/padded.hpp"

namespace polyloop {

/// What became of a value that was to be pushed. Unless it is `done`, the
/// value is still with the caller, untouched.
enum class push_status : unsigned char {
  done,
  full,       ///< try_push: no room now
  timed_out,  ///< try_push_for: no room in that time
  closed,     ///< the queue takes no more values
  stopped,    ///< the stop token ended the wait for room
};

/// A queue of at most `capacity` values between any number of producers and
/// consumers, first in, first out:
///
///     bounded_queue<image> queue(16);
///     while (std::optional<image> next = queue.pop()) use(*next);  // until closed and empty
///
/// Every member may be called from any number of threads at once, but for the
/// destructor. The values of one producer leave in the order in which they
/// entered. T need only be movable. If its move throws, nothing is lost: the
/// value stays where it was, with the caller or in the queue.
///
/// O(1) each, without a lock where T moves without throwing (D. Vyukov's
/// bounded queue, 1024cores.net, 2010). A thread that waits looks again for
/// some microseconds, then sleeps.
///
/// In the body of a loop: push and pop may wait for another iteration, which
/// on one worker only runs afterwards, so the loop would never end. There, use
/// try_push and try_pop, or see to it that the other side is not in the loop.
template <std::move_constructible T>
class bounded_queue {
 public:
  using clock = std::chrono::steady_clock;

  /// Room for `capacity` values, which is allocated here for types that move
  /// without throwing: at least 64 bytes each. Throws invalid_argument for 0.
  explicit bounded_queue(std::size_t capacity) : capacity_(checked(capacity)), store_(capacity_) {}

  /// Waits for room. done, closed, or stopped where the token said so first.
  push_status push(T&& value, const std::stop_token& stop = {}) {
    return push_until(value, stop, std::nullopt, push_status::stopped);
  }
  push_status push(const T& value, const std::stop_token& stop = {}) requires std::copy_constructible<T> {
    return push(T(value), stop);
  }

  /// Does not wait: done, full or closed.
  push_status try_push(T&& value) {
    if (put(value)) return push_status::done;
    return closed() ? push_status::closed : push_status::full;
  }
  push_status try_push(const T& value) requires std::copy_constructible<T> { return try_push(T(value)); }

  /// Waits for room no longer than that: done, timed_out, closed or stopped.
  template <class Rep, class Period>
  push_status try_push_for(T&& value, std::chrono::duration<Rep, Period> time,
                           const std::stop_token& stop = {}) {
    return push_until(value, stop, after(time), push_status::timed_out);
  }
  template <class Rep, class Period>
  push_status try_push_for(const T& value, std::chrono::duration<Rep, Period> time,
                           const std::stop_token& stop = {}) requires std::copy_constructible<T> {
    return try_push_for(T(value), time, stop);
  }

  /// Waits for a value. Nothing where the queue is closed and empty, or the
  /// token was stopped before a value came.
  std::optional<T> pop(const std::stop_token& stop = {}) { return pop_until(stop, std::nullopt); }

  /// Does not wait: nothing where no value is there now.
  std::optional<T> try_pop() {
    std::optional<T> value;
    if (store_.take(value)) taken();
    return value;
  }

  /// Waits for a value no longer than that.
  template <class Rep, class Period>
  std::optional<T> try_pop_for(std::chrono::duration<Rep, Period> time, const std::stop_token& stop = {}) {
    return pop_until(stop, after(time));
  }

  /// Ends the stream: who pushes is told `closed`, who pops gets what is left,
  /// then nothing. Wakes all who wait. Any number of times.
  void close() noexcept {
    store_.close();
    room_->notify_all();
    values_->notify_all();
  }

  bool closed() const noexcept { return store_.closed(); }
  /// Closed, and nothing left to pop.
  bool drained() const noexcept { return store_.drained(); }
  std::size_t capacity() const noexcept { return capacity_; }
  /// How many values are in it; already out of date where others use it.
  std::size_t size() const noexcept { return store_.size(); }

 private:
  static std::size_t checked(std::size_t capacity) {
    if (capacity == 0) detail::throw_invalid("capacity", 0, "at least 1");
    return capacity;
  }

  /// A time that is too long for the clock is one without end.
  template <class Rep, class Period>
  static std::optional<clock::time_point> after(std::chrono::duration<Rep, Period> time) {
    using seconds = std::chrono::duration<double>;
    const clock::time_point now = clock::now();
    if (seconds(time) >= seconds(std::chrono::hours(24 * 365))) return std::nullopt;
    return now + std::chrono::ceil<clock::duration>(time);
  }

  bool put(T& value) {
    if (!store_.put(value)) return false;
    values_->notify_all();
    return true;
  }

  void taken() noexcept {
    room_->notify_all();
    // The others that wait must learn that this was the last value.
    if (store_.drained()) values_->notify_all();
  }

  push_status push_until(T& value, const std::stop_token& stop, std::optional<clock::time_point> deadline,
                         push_status late) {
    if (put(value)) return push_status::done;
    bool done = false;
    const detail::awaited end = room_->wait([&] { return (done = put(value)) || closed(); }, stop, deadline);
    if (done) return push_status::done;
    if (end == detail::awaited::ready) return push_status::closed;
    return end == detail::awaited::stopped ? push_status::stopped : late;
  }

  std::optional<T> pop_until(const std::stop_token& stop, std::optional<clock::time_point> deadline) {
    std::optional<T> value;
    if (!store_.take(value)) values_->wait([&] { return store_.take(value) || drained(); }, stop, deadline);
    if (value) taken();
    return value;
  }

  const std::size_t capacity_;
  detail::queue_store<T> store_;
  padded<detail::event_count> room_;
  padded<detail::event_count> values_;
};

}  // namespace polyloop
