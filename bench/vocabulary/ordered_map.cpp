#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <polyloop/ordered_map.hpp>
#include <polyloop/polyloop.hpp>
#include <ranges>
#include <stdexcept>
#include <string>

#include "support/keep.hpp"
#include "support/measure.hpp"
#include "support/statistics.hpp"
#include "vocabulary/table.hpp"

namespace polyloop::bench::vocabulary {

namespace {

constexpr int items = 100'000;

/// A chain of dependent multiplications, some 1 ns each: a second thread cannot make it longer or shorter.
std::uint64_t work(int item, int steps) {
  auto x = static_cast<std::uint64_t>(item);
  for (int i = 0; i < steps; ++i) x = x * 6364136223846793005u + 1442695040888963407u;
  return x;
}

/// How many steps take 10 us.
int steps_of_ten_microseconds() {
  constexpr int steps = 10'000;
  const subject one{repeated([] { keep(work(1, steps)); }), 1};
  warm_up(one);
  return static_cast<int>(steps * 10e-6 / seconds_of(one, 1000));
}

/// The part of the ideal speed that an ordered_map on two workers reaches.
double part_of_ideal(int steps) {
  std::uint64_t plain_sum = 0;
  std::uint64_t our_sum = 0;
  const auto all = std::views::iota(0, items);
  const auto plain = [&] {
    plain_sum = 0;
    for (const int i : all) plain_sum = plain_sum * 3 + work(i, steps);  // the order matters
  };
  const auto ours = [&] {
    const scoped_context scope{.workers = 2};
    our_sum = 0;
    for (const std::uint64_t x : ordered_map(all, [steps](int i) { return work(i, steps); })) our_sum = our_sum * 3 + x;
  };
  const std::array subjects{subject{repeated(plain), 1}, subject{repeated(ours), 2}};
  const auto taken = measure_in_turn(subjects, {.most_rounds = 7, .least_rounds = 7});
  if (plain_sum != our_sum) throw std::runtime_error("results of ordered_map are wrong, or out of order");
  return median(ratios(taken[0], taken[1])) / 2;
}

}  // namespace

std::vector<claim> ordered_map_claims() {
  const int steps = steps_of_ten_microseconds();
  std::vector<claim> made;
  for (backend* each : compiled_backends()) {
    if (each->most_workers() < 2) continue;
    const scoped_context scope{.backend = *each};
    made.push_back({fmt::format("ordered_map, 1e5 items of 10 us, two workers, {}: part of the ideal speed", each->name()),
                    part_of_ideal(steps), 0.95, false, ""});
  }
  return made;
}

}  // namespace polyloop::bench::vocabulary
