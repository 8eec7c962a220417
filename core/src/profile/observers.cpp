#include "profile/observers.hpp"

#include <algorithm>
#include <thread>

#include "profile/profiler.hpp"

namespace polyloop::detail {

void observers::attach(profile::observer& told) {
  const std::lock_guard hold(lock_);
  const std::unique_ptr<const list> before(current_.load(std::memory_order_relaxed));
  auto with = before != nullptr ? std::make_unique<list>(*before) : std::make_unique<list>();
  with->push_back(&told);
  replace(before.get(), with.release());
  loop_watchers.fetch_add(1, std::memory_order_relaxed);
}

void observers::detach(profile::observer& told) noexcept {
  const std::lock_guard hold(lock_);
  const list* const before = current_.load(std::memory_order_relaxed);
  if (before == nullptr || std::find(before->begin(), before->end(), &told) == before->end()) return;
  const std::unique_ptr<const list> unused(before);
  auto without = std::make_unique<list>(*before);
  without->erase(std::find(without->begin(), without->end(), &told));
  loop_watchers.fetch_sub(1, std::memory_order_relaxed);
  replace(before, without->empty() ? nullptr : without.release());
}

// Returns when nobody goes through the list from before.
void observers::replace(const list* before, const list* next) noexcept {
  current_.store(next, std::memory_order_seq_cst);
  if (before == nullptr) return;
  profiler::of_process().for_each_log([before](const thread_log& log) {
    while (log.reading.load(std::memory_order_seq_cst) == before) std::this_thread::yield();
  });
}

}  // namespace polyloop::detail

namespace polyloop::profile {

scoped_observer::scoped_observer(observer& told) : told_(told) {
  detail::profiler::of_process().watching.attach(told_);
}
scoped_observer::~scoped_observer() {
  detail::profiler::of_process().watching.detach(told_);
}

}  // namespace polyloop::profile
