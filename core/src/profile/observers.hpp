#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "polyloop/detail/launch.hpp"
#include "polyloop/profile.hpp"

namespace polyloop::detail {

class thread_log;

/// The observers attached to all loops. Who tells them holds no lock: it shows, as a
/// hazard pointer (M. Michael 2004), which list it goes through, and whoever
/// detaches an observer waits until nobody goes through a list that has it.
class observers {
 public:
  observers() = default;
  observers(const observers&) = delete;
  observers& operator=(const observers&) = delete;

  void attach(profile::observer& told);
  void detach(profile::observer& told) noexcept;
  bool any() const noexcept { return current_.load(std::memory_order_relaxed) != nullptr; }

  /// `reading` shows what this thread goes through.
  template <class Tell>
  void tell(std::atomic<const void*>& reading, const Tell& how) const {
    if (!any()) return;
    const list* seen = nullptr;
    const list* now = current_.load(std::memory_order_relaxed);
    while (now != seen) {
      seen = now;
      reading.store(seen, std::memory_order_seq_cst);
      now = current_.load(std::memory_order_seq_cst);
    }
    if (seen != nullptr)
      for (profile::observer* each : *seen) how(*each);
    reading.store(nullptr, std::memory_order_release);
  }

 private:
  using list = std::vector<profile::observer*>;

  void replace(const list* before, const list* next) noexcept;

  std::mutex lock_;
  std::atomic<const list*> current_{nullptr};
};

}  // namespace polyloop::detail
