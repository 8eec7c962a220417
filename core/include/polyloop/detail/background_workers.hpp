#pragma once

#include <functional>
#include <memory>

namespace polyloop::detail {

/// Threads that work for somebody who goes on meanwhile: under the context of who made
/// them, and from the process's budget, so that they may be fewer than wanted, or none.
class background_workers {
 public:
  /// Each of them calls work() once, which must not throw.
  background_workers(int wanted, std::function<void()> work);
  background_workers(const background_workers&) = delete;
  background_workers& operator=(const background_workers&) = delete;
  /// Waits for them.
  ~background_workers();

  int count() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace polyloop::detail
