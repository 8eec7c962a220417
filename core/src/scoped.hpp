#pragma once

#include <atomic>

namespace polyloop::detail {

/// Puts a value in place for the time of a block.
template <class T>
class replaced {
 public:
  replaced(T& place, T value) : place_(place), before_(place) { place_ = value; }
  replaced(const replaced&) = delete;
  replaced& operator=(const replaced&) = delete;
  ~replaced() { place_ = before_; }

 private:
  T& place_;
  T before_;
};

/// Adds to a number for the time of a block.
class added {
 public:
  added(std::atomic<int>& to, int amount) : to_(to), amount_(amount) {
    if (amount_ != 0) to_.fetch_add(amount_, std::memory_order_relaxed);
  }
  added(const added&) = delete;
  added& operator=(const added&) = delete;
  ~added() {
    if (amount_ != 0) to_.fetch_sub(amount_, std::memory_order_relaxed);
  }

 private:
  std::atomic<int>& to_;
  const int amount_;
};

}  // namespace polyloop::detail
