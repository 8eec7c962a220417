// Pipelines, ordered maps, queues, sorts, and what their bodies share.
#include <algorithm>
#include <functional>
#include <optional>
#include <ranges>
#include <thread>
#include <utility>

#include "nests.hpp"

namespace soak {

using namespace polyloop;

namespace {

stream_options any_stream_options(lots& draw) {
  stream_options how{.window = draw.below(9)};
  if (draw.one_in(4)) how.workers = 1 + draw.below(8);
  return how;
}

/// Items through three stages, two of them in order; a throw in one of them now and then.
std::uint64_t pipeline_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = any_size(draw, depth);
  const int throws = draw.one_in(3) ? 50 : 0;
  std::vector<std::uint64_t> parts;
  std::uint64_t before = seed;
  parallel_pipeline(
      any_stream_options(draw), std::views::iota(0, n),
      stage::parallel([&](int i) { return value_of_child(seed, static_cast<std::uint64_t>(i), depth, throws); }),
      stage::in_order([&](std::uint64_t part) { return before = mixed(before ^ part); }),
      stage::parallel([&](std::uint64_t part) { return value_of_child(part, 1, 0, throws > 0 ? 100 : 0); }),
      stage::in_order([&](std::uint64_t part) { parts.push_back(part); }));
  return sum_of(parts);
}

/// Results in order, up to a throw, or to where nobody wants more.
std::uint64_t ordered_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = any_size(draw, depth);
  const int throws = draw.one_in(3) ? 50 : 0;
  const int enough = draw.one_in(3) ? draw.below(n + 1) : n;
  std::vector<std::uint64_t> parts;
  const auto part = [=](int i) { return value_of_child(seed, static_cast<std::uint64_t>(i), depth, throws); };
  for (const std::uint64_t each : ordered_map(std::views::iota(0, n), part, any_stream_options(draw))) {
    parts.push_back(each);
    if (static_cast<int>(parts.size()) >= enough) break;
  }
  return sum_of(parts);
}

/// What items fail, and what the others give.
std::uint64_t collecting_stream_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = any_size(draw, depth);
  const error_policy all{.collect = true};
  stream_options how = any_stream_options(draw);
  how.errors = all;
  std::vector<std::uint64_t> parts;
  try {
    const auto part = [=](int i) { return value_of_child(seed, static_cast<std::uint64_t>(i), depth, 10); };
    for (const std::uint64_t each : ordered_map(std::views::iota(0, n), part, how)) parts.push_back(each);
  } catch (const loop_errors& problems) {
    for (const loop_failure& each : problems.failures()) parts.push_back(static_cast<std::uint64_t>(each.index));
  }
  return sum_of(parts);
}

/// Threads that hand values to each other.
std::uint64_t queue_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = any_size(draw, depth);
  bounded_queue<std::uint64_t> queue(1 + static_cast<std::size_t>(draw.below(5)));
  std::jthread producer([&] {
    for (int i = 0; i < n; ++i) queue.push(value_of_child(seed, static_cast<std::uint64_t>(i), 0, 0));
    queue.close();
  });
  std::vector<std::uint64_t> parts;
  while (const std::optional<std::uint64_t> part = queue.pop()) parts.push_back(*part);
  return sum_of(parts);
}

/// Sorts whose comparators loop now and then, or throw.
std::uint64_t sort_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  std::vector<std::uint64_t> values(static_cast<std::size_t>(40 * any_size(draw, depth)));
  for (std::uint64_t& each : values) each = draw.next() % 1000;
  const std::uint64_t wrong = draw.one_in(3) ? draw.next() % 1000 : 1000;
  const loop_options how = any_options(draw);
  parallel_sort(values, std::less<>(), how);
  parallel_sort(
      values,
      [wrong](std::uint64_t a, std::uint64_t b) {
        if (a == wrong) throw planned{wrong};
        return a % 100 < b % 100;
      },
      how);
  return sum_of(values);
}

/// Partial counts, scratch memory and a list, in loops within loops.
std::uint64_t sharing_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = any_size(draw, depth);
  worker_local<std::uint64_t> total;
  ordered_log<std::uint64_t> log;
  progress_counter counter(n);
  loop_options how = any_options(draw);
  how.progress = &counter;
  parallel_for(n, [&](int i) {
    auto mine = total.borrow();
    const std::uint64_t part = value_of_child(seed, static_cast<std::uint64_t>(i), depth, 0);
    *mine += part;
    if (part % 3 == 0) log.append(i, part);
  }, how);
  const std::uint64_t all = total.combine(commutative, std::plus<>());
  return mixed(all ^ sum_of(log.take()) ^ static_cast<std::uint64_t>(counter.done()));
}

}  // namespace

std::span<const construct> stream_nests() {
  static constexpr construct all[] = {pipeline_nest, ordered_nest, collecting_stream_nest, queue_nest, sort_nest, sharing_nest};
  return all;
}

}  // namespace soak
