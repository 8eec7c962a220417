#include "polyloop/detail/event_count.hpp"

#include <thread>

#include "processor.hpp"

namespace polyloop::detail {

namespace {

constexpr int looks_awake = 32;
constexpr int looks_between_others = 8;  // where threads are more than cores, the other side needs this one

bool soon(function_ref<bool()> ready) {
  for (int look = 0; look < looks_awake; ++look, relax())
    if (ready()) return true;
  for (int look = 0; look < looks_between_others; ++look, std::this_thread::yield())
    if (ready()) return true;
  return false;
}

/// Counts this thread among the sleepers.
class counted {
 public:
  explicit counted(std::atomic<int>& sleepers) : sleepers_(sleepers) { ++sleepers_; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() { --sleepers_; }

 private:
  std::atomic<int>& sleepers_;
};

}  // namespace

void event_count::wake() noexcept {
  {
    const std::lock_guard lock(mutex_);
    ++epoch_;
  }
  changed_.notify_all();
}

awaited event_count::sleep(std::uint64_t seen, const std::stop_token& stop,
                           std::optional<std::chrono::steady_clock::time_point> deadline) {
  const auto woken = [this, seen] { return epoch_.load() != seen; };
  std::unique_lock lock(mutex_);
  const bool changed =
      deadline ? changed_.wait_until(lock, stop, *deadline, woken) : changed_.wait(lock, stop, woken);
  if (changed) return awaited::ready;
  return stop.stop_requested() ? awaited::stopped : awaited::timed_out;
}

awaited event_count::wait(function_ref<bool()> ready, const std::stop_token& stop,
                          std::optional<std::chrono::steady_clock::time_point> deadline) {
  if (soon(ready)) return awaited::ready;
  const counted here(sleepers_);
  for (;;) {
    const std::uint64_t seen = epoch_.load();
    if (ready()) return awaited::ready;
    const awaited end = sleep(seen, stop, deadline);
    if (end != awaited::ready) return ready() ? awaited::ready : end;
  }
}

}  // namespace polyloop::detail
