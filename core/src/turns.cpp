#include "polyloop/detail/turns.hpp"

#include <thread>

#include "processor.hpp"

namespace polyloop::detail {

void await_turn(const std::atomic<index_t>& number, index_t wanted) noexcept {
  constexpr int looks_before_yield = 2000;
  for (int looks = 0;; ++looks) {
    const index_t now = number.load(std::memory_order_acquire);
    if (now == wanted || now == ~wanted) return;
    if (looks < looks_before_yield)
      relax();
    else
      std::this_thread::yield();
  }
}

}  // namespace polyloop::detail
