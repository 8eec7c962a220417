#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "polyloop/backend.hpp"

namespace polyloop::detail {

namespace {

using blocks = tbb::blocked_range<index_t>;

// Slots of the arena whose chunk this thread runs; 0 outside of chunks.
thread_local constinit int current_slots = 0;

/// Runs the loop in the arena that the thread is in, cut by oneTBB's partitioners.
void run_here(const loop& work, int slots) {
  const index_t count = work.end - work.begin;
  const index_t grain = std::max<index_t>(1, std::min(work.schedule.grain(), count));
  const auto chunk = [&work, slots](const blocks& each) {
    const int before = std::exchange(current_slots, slots);
    work.chunk(each.begin(), each.end(), tbb::this_task_arena::current_thread_index());
    current_slots = before;
  };
  const auto chunk_of_grain = [&](const blocks& numbers) {
    for (index_t b = numbers.begin(); b < numbers.end(); ++b) {
      const index_t first = b * grain;
      chunk(blocks(work.begin + first, work.begin + first + std::min(grain, count - first)));
    }
  };
  const blocks whole(work.begin, work.end, static_cast<std::size_t>(grain));
  const blocks of_grain(0, count / grain + (count % grain != 0));
  // Not bound to a group of the caller's: a cancellation out there must not
  // silently leave out iterations here.
  tbb::task_group_context group(tbb::task_group_context::isolated);
  const schedule::kind how = work.schedule.how();
  if (how == schedule::kind::automatic || how == schedule::kind::guided)
    tbb::parallel_for(whole, chunk, tbb::auto_partitioner(), group);
  else if (how == schedule::kind::fixed && work.schedule.grain() == 0)
    tbb::parallel_for(whole, chunk, tbb::static_partitioner(), group);
  else
    tbb::parallel_for(of_grain, chunk_of_grain, tbb::simple_partitioner(), group);
}

/// Arenas that no loop is using. A loop that is not nested takes one for itself:
/// in an arena that it shared with another caller it could have to wait for a
/// slot, and that caller might wait for a lock which this one holds.
class arena_pool {
 public:
  std::unique_ptr<tbb::task_arena> take(int slots) {
    const std::lock_guard hold(lock_);
    allow(slots);
    const auto found = std::find_if(free_.rbegin(), free_.rend(),
                                    [slots](const auto& each) { return each->max_concurrency() == slots; });
    if (found == free_.rend()) return std::make_unique<tbb::task_arena>(slots);
    std::unique_ptr<tbb::task_arena> arena = std::move(*found);
    free_.erase(std::next(found).base());
    return arena;
  }
  void give(std::unique_ptr<tbb::task_arena> arena) {
    const std::lock_guard hold(lock_);
    free_.push_back(std::move(arena));
  }

 private:
  // oneTBB starts no more threads than there are CPUs unless it is told to;
  // a scope that oversubscribes asks for more.
  void allow(int slots) {
    if (slots <= allowed_) return;
    more_ = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism,
                                                  static_cast<std::size_t>(slots));
    allowed_ = slots;
  }

  std::mutex lock_;
  std::vector<std::unique_ptr<tbb::task_arena>> free_;
  std::unique_ptr<tbb::global_control> more_;
  int allowed_ = tbb::info::default_concurrency();
};

arena_pool& arenas() {
  // Never destroyed: static objects may loop in their destructors.
  static arena_pool& only = *new arena_pool;
  return only;
}

class tbb_backend_type final : public backend {
 public:
  std::string_view name() const noexcept override { return "tbb"; }
  void run(const loop& work) override {
    const bool inside = current_slots != 0 && current_slots == tbb::this_task_arena::max_concurrency();
    if (inside && current_slots <= work.workers) {
      // Nested: idle workers of the arena take part. Isolated: while this
      // thread waits it takes no chunk of the loops around.
      tbb::this_task_arena::isolate([&work] { run_here(work, current_slots); });
      return;
    }
    std::unique_ptr<tbb::task_arena> arena = arenas().take(work.workers);
    arena->execute([&work] { run_here(work, work.workers); });
    arenas().give(std::move(arena));
  }
};

}  // namespace

backend& tbb_backend() {
  static tbb_backend_type only;
  return only;
}

}  // namespace polyloop::detail
