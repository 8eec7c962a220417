#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <memory>
#include <vector>

#include "polyloop/crew.hpp"

namespace polyloop::detail {

namespace {

/// Lends oneTBB's worker threads: a task for each, in an arena of ours.
class tbb_backend_type final : public crew_backend {
 public:
  std::string_view name() const noexcept override { return "tbb"; }

 private:
  void lend(int seat) override {
    // Isolated: a body that waits for tasks of its own must not begin to serve here.
    arena_of(seat).enqueue([this, seat] { tbb::this_task_arena::isolate([this, seat] { serve(seat); }); });
  }

  tbb::task_arena& arena_of(int seat) {
    const int regular = std::max(1, tbb::info::default_concurrency() - 1);
    if (seat < regular) return regular_;
    return arena_beyond(static_cast<std::size_t>(seat - regular), regular);
  }

  // oneTBB starts no more threads than there are CPUs unless it is told to; a
  // scope that oversubscribes asks for more. An arena is given threads for all
  // of its slots, so each of these has one.
  tbb::task_arena& arena_beyond(std::size_t number, int regular) {
    while (beyond_.size() <= number) {
      beyond_.push_back(std::make_unique<tbb::task_arena>(2));
      const std::size_t threads = static_cast<std::size_t>(regular) + beyond_.size() + 1;
      more_ = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, threads);
    }
    return *beyond_[number];
  }

  tbb::task_arena regular_{std::max(2, tbb::info::default_concurrency()), 1, tbb::task_arena::priority::low};
  std::vector<std::unique_ptr<tbb::task_arena>> beyond_;
  std::unique_ptr<tbb::global_control> more_;
};

}  // namespace

backend& tbb_backend() {
  // Never destroyed: static objects may loop in their destructors.
  static tbb_backend_type& only = *new tbb_backend_type;
  return only;
}

}  // namespace polyloop::detail
