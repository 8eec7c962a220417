#pragma once

#include <concepts>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <type_traits>
#include <utility>

namespace polyloop {

namespace detail {
template <class Mutex>
concept shared_lockable = requires(Mutex& mutex) {
  mutex.lock_shared();
  mutex.unlock_shared();
};
}  // namespace detail

/// A value that can only be reached while its mutex is held:
///
///     synchronized<std::vector<int>> found;
///     parallel_for(n, [&](int i) { if (wanted(i)) found.with([i](auto& v) { v.push_back(i); }); });
///
/// With std::shared_mutex as Mutex, a const one lets several readers in at once:
/// `std::as_const(table).with(read)`. With std::recursive_mutex, a thread that
/// has it may lock it again.
///
/// In the body of a loop: keep it short, and start no loop while it is held. A
/// thread that waits for an inner loop runs chunks of that loop meanwhile, and
/// one that wants the same lock would never end.
template <class T, class Mutex = std::mutex>
class synchronized {
 public:
  /// The value, for as long as the guard lives. Ends on the thread that made it.
  template <class Value, class Lock>
  class [[nodiscard]] guard {
   public:
    guard(Value& value, Mutex& mutex) : lock_(mutex), value_(&value) {}
    Value& operator*() const noexcept { return *value_; }
    Value* operator->() const noexcept { return value_; }

   private:
    Lock lock_;
    Value* value_;
  };

  using write_guard = guard<T, std::unique_lock<Mutex>>;
  using read_guard = guard<const T, std::conditional_t<detail::shared_lockable<Mutex>,
                                                       std::shared_lock<Mutex>, std::unique_lock<Mutex>>>;

  synchronized() = default;
  /// Makes the value from what one of its constructors takes.
  template <class... Arguments>
  requires std::constructible_from<T, Arguments...>
  explicit synchronized(std::in_place_t /*tag*/, Arguments&&... arguments)
      : value_(std::forward<Arguments>(arguments)...) {}
  explicit synchronized(T value) : value_(std::move(value)) {}
  synchronized(const synchronized&) = delete;
  synchronized& operator=(const synchronized&) = delete;
  ~synchronized() = default;

  /// use(value) while the mutex is held; hands on what it returns, and throws.
  template <std::invocable<T&> Use>
  decltype(auto) with(Use&& use) {
    const write_guard held = lock();
    return std::invoke(std::forward<Use>(use), *held);
  }
  template <std::invocable<const T&> Use>
  decltype(auto) with(Use&& use) const {
    const read_guard held = lock();
    return std::invoke(std::forward<Use>(use), *held);
  }

  write_guard lock() { return {value_, mutex_}; }
  read_guard lock() const { return {value_, mutex_}; }

 private:
  mutable Mutex mutex_;
  T value_{};
};

}  // namespace polyloop
