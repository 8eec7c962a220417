#include "polyloop/detail/background_workers.hpp"

#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "budget.hpp"
#include "polyloop/context.hpp"

namespace polyloop::detail {

namespace {

context background_context() {
  context inside = this_context();
  inside.running = nullptr;
  inside.counted = true;
  return inside;
}

}  // namespace

struct background_workers::state {
  state(int wanted, std::function<void()> work_of_each)
      : share(budget::of_process(), this_context().counted, this_context().oversubscribe, wanted),
        inside(background_context()),
        work(std::move(work_of_each)) {}

  budget_share share;
  context inside;
  std::function<void()> work;
  std::vector<std::jthread> threads;
};

background_workers::background_workers(int wanted, std::function<void()> work)
    : state_(std::make_unique<state>(wanted, std::move(work))) {
  state& s = *state_;
  const auto begin = [&s] {
    const context_switch now(s.inside);
    s.work();
  };
  s.threads.reserve(static_cast<std::size_t>(s.share.helpers()));
  try {
    for (int i = 0; i < s.share.helpers(); ++i) s.threads.emplace_back(begin);
  } catch (const std::system_error&) {
    // The system has no more threads: whoever made these goes on with fewer.
  }
}

background_workers::~background_workers() { state_->threads.clear(); }

int background_workers::count() const noexcept { return static_cast<int>(state_->threads.size()); }

}  // namespace polyloop::detail
