#include "nests.hpp"

namespace soak {

using namespace polyloop;

namespace {

schedule any_schedule(lots& draw) {
  const int grain = 1 + draw.below(20);
  switch (draw.below(5)) {
    case 0: return schedule::static_();
    case 1: return schedule::static_(grain);
    case 2: return schedule::dynamic(grain);
    case 3: return schedule::guided();
    default: return schedule::automatic;
  }
}

construct construct_of(std::uint64_t number) {
  const std::span<const construct> all[] = {loop_nests(), task_nests(), stream_nests()};
  std::size_t at = number % (all[0].size() + all[1].size() + all[2].size());
  for (const auto& some : all) {
    if (at < some.size()) return some[at];
    at -= some.size();
  }
  return nullptr;
}

}  // namespace

loop_options any_options(lots& draw) {
  loop_options how{.schedule = any_schedule(draw)};
  if (draw.one_in(4)) how.workers = 1 + draw.below(8);
  return how;
}

std::uint64_t value_of_child(std::uint64_t seed, std::uint64_t number, int depth, int throws_one_in) {
  const std::uint64_t its = child(seed, number);
  if (throws_one_in > 0 && its % static_cast<std::uint64_t>(throws_one_in) == 0) throw planned{its};
  return depth > 0 && its % 8 == 1 ? value(its, depth - 1) : its * its;
}

int any_size(lots& draw, int depth) {
  return draw.one_in(8) ? draw.below(3) : 1 + draw.below(depth > 1 ? 40 : 400);
}

std::uint64_t sum_of(const std::vector<std::uint64_t>& parts) {
  std::uint64_t total = 0;
  for (const std::uint64_t part : parts) total = mixed(total ^ part);
  return total;
}

std::uint64_t value(std::uint64_t seed, int depth) {
  try {
    return construct_of(mixed(seed ^ 7))(mixed(seed), depth);
  } catch (const planned& thrown) {
    return thrown.value;
  }
}

}  // namespace soak
