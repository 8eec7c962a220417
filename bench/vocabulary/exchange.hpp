#pragma once

#include <cstdint>
#include <numeric>
#include <thread>
#include <vector>

#include "vocabulary/raw_queue.hpp"

namespace polyloop::bench::vocabulary {

/// push(value) of every producer's values, and total = take_all() of every consumer, in threads begun for
/// it; `close` when all has been pushed.
template <class Push, class TakeAll, class Close>
std::int64_t exchange(const Push& push, const TakeAll& take_all, const Close& close) {
  std::vector<std::int64_t> totals(queue_sides, 0);
  {
    std::vector<std::jthread> takers;
    for (std::int64_t& total : totals) takers.emplace_back([&] { total = take_all(); });
    {
      std::vector<std::jthread> makers;
      for (int p = 0; p < queue_sides; ++p)
        makers.emplace_back([&] {
          for (std::int64_t i = 1; i <= values_of_a_producer; ++i) push(i);
        });
    }
    close();
  }
  return std::accumulate(totals.begin(), totals.end(), std::int64_t{0});
}

}  // namespace polyloop::bench::vocabulary
