// Groups of tasks, and teams.
#include "nests.hpp"

namespace soak {

using namespace polyloop;

namespace {

task_options any_task_options(lots& draw) {
  task_options how;
  if (draw.one_in(4)) how.errors = error_policy{.retry = {.times = 1}};
  return how;
}

/// Tasks that each write a part; half of them have been spawned by others.
std::uint64_t tasks_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = any_size(draw, depth);
  const int throws = draw.one_in(3) ? 50 : 0;
  std::vector<std::uint64_t> parts(static_cast<std::size_t>(2 * n));
  task_group group(any_task_options(draw));
  const auto part = [&parts, seed, depth](int i, int throws_one_in) {
    const auto at = static_cast<std::size_t>(i);
    parts[at] = value_of_child(seed, at, depth, throws_one_in);
  };
  for (int i = 0; i < n; ++i)
    group.spawn([&, i] {
      part(i, throws);
      if (throws == 0) group.spawn([&part, i, n] { part(n + i, 0); });
    });
  group.wait();
  return sum_of(parts);
}

/// Divide and conquer, with a throw far below now and then.
std::uint64_t divided(std::uint64_t seed, int levels, int depth, int throws) {
  if (levels == 0) return value_of_child(seed, 1, depth, throws);
  std::uint64_t left = 0;
  task_group group;
  group.spawn([&] { left = divided(child(seed, 1), levels - 1, depth, throws); });
  const std::uint64_t right = divided(child(seed, 2), levels - 1, depth, 0);
  group.wait();
  return mixed(left ^ mixed(right));
}
std::uint64_t divided_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  return divided(seed, 1 + draw.below(7), depth > 0 ? depth - 1 : 0, draw.one_in(3) ? 20 : 0);
}

/// Members whose values go round by broadcasts; one of them may throw.
std::uint64_t team_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int size = 1 + draw.below(4);
  const int fails = draw.one_in(4) ? draw.below(size) : -1;
  std::vector<std::uint64_t> totals(static_cast<std::size_t>(size));
  const auto body = [&](const team_member& me) {
    const auto at = static_cast<std::size_t>(me.index());
    const std::uint64_t mine = value_of_child(seed, at, depth > 0 ? depth - 1 : 0, 0);
    if (me.index() == fails) throw planned{mine};
    for (int root = 0; root < size; ++root) totals[at] = mixed(totals[at] ^ me.broadcast(mine, root));
  };
  parallel_team(size, body, {.oversubscribe = true});
  return sum_of(totals);
}

}  // namespace

std::span<const construct> task_nests() {
  static constexpr construct all[] = {tasks_nest, divided_nest, team_nest};
  return all;
}

}  // namespace soak
