#include <optional>
#include <polyloop/bounded_queue.hpp>
#include <stdexcept>

#include "vocabulary/exchange.hpp"
#include "vocabulary/table.hpp"

namespace polyloop::bench::vocabulary {

namespace {

std::int64_t our_exchange() {
  bounded_queue<std::int64_t> queue(queue_capacity);
  return exchange([&](std::int64_t value) { queue.push(value); },
                  [&] {
                    std::int64_t total = 0;
                    while (const std::optional<std::int64_t> value = queue.pop()) total += *value;
                    return total;
                  },
                  [&] { queue.close(); });
}

void check(std::int64_t total) {
  constexpr std::int64_t all = queue_sides * values_of_a_producer * (values_of_a_producer + 1) / 2;
  if (total != all) throw std::runtime_error("a queue has lost values, or made some up");
}

}  // namespace

std::vector<claim> queue_claims() {
#ifdef POLYLOOP_BENCH_TBB
  const double ratio = ratio_in_turn(31, [] { check(our_exchange()); }, [] { check(tbb_exchange()); });
  return {{"queue of 1024, 2 producers, 2 consumers: ours over tbb::concurrent_bounded_queue", ratio, 1.0, true, "x"}};
#else
  return {};
#endif
}

}  // namespace polyloop::bench::vocabulary
