// Loops, reductions, scans and searches.
#include <atomic>
#include <thread>
#include <utility>

#include "nests.hpp"

namespace soak {

using namespace polyloop;

namespace {

std::uint64_t loop_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = any_size(draw, depth);
  const int throws = draw.one_in(3) ? 50 : 0;
  std::vector<std::uint64_t> parts(static_cast<std::size_t>(n));
  parallel_for(
      n, [&](int i) { parts[static_cast<std::size_t>(i)] = value_of_child(seed, static_cast<std::uint64_t>(i), depth, throws); },
      any_options(draw));
  return sum_of(parts);
}

std::uint64_t tiles_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const grid2 over{1 + draw.below(20), 1 + draw.below(20)};
  std::vector<std::uint64_t> parts(static_cast<std::size_t>(over.rows * over.columns));
  const auto tile = [&](const tile2& each) {
    for (index_t r = each.rows.begin; r < each.rows.end; ++r)
      for (index_t c = each.columns.begin; c < each.columns.end; ++c) {
        const auto at = static_cast<std::size_t>(r * over.columns + c);
        parts[at] = value_of_child(seed, at, depth, 0);
      }
  };
  parallel_for_tiles(over, {1 + draw.below(7), 1 + draw.below(7)}, tile, any_options(draw));
  return sum_of(parts);
}

std::uint64_t reduction_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = 4 * any_size(draw, depth);
  const int throws = draw.one_in(3) ? 200 : 0;
  const double total = parallel_reduce(
      n, sum<double>{},
      [&](int i) { return 1e-3 * static_cast<double>(value_of_child(seed, static_cast<std::uint64_t>(i), depth, throws) % 1000003); },
      any_options(draw));
  return mixed(static_cast<std::uint64_t>(total * 1e6));
}

/// All failures, and what the others have done.
std::uint64_t collecting_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = any_size(draw, depth);
  std::vector<std::uint64_t> parts(static_cast<std::size_t>(n));
  const error_policy all{.collect = true};
  loop_options how = any_options(draw);
  how.errors = all;
  try {
    parallel_for(
        n, [&](int i) { parts[static_cast<std::size_t>(i)] = value_of_child(seed, static_cast<std::uint64_t>(i), depth, 10); }, how);
  } catch (const loop_errors& problems) {
    for (const loop_failure& each : problems.failures()) parts.push_back(static_cast<std::uint64_t>(each.index));
  }
  return sum_of(parts);
}

/// Every iteration fails once.
std::uint64_t retrying_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = any_size(draw, depth);
  std::vector<std::uint64_t> parts(static_cast<std::size_t>(n));
  std::vector<char> tried(static_cast<std::size_t>(n));
  const error_policy again{.retry = {.times = 1}};
  loop_options how = any_options(draw);
  how.errors = again;
  const auto body = [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    if (std::exchange(tried[at], 1) == 0) throw planned{0};
    parts[at] = value_of_child(seed, at, depth, 0);
  };
  parallel_for(n, body, how);
  return sum_of(parts);
}

/// Stopped somewhere: what counts is that as many have run as it says.
std::uint64_t stopped_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = 2 + any_size(draw, depth);
  const int last = draw.below(n);
  std::stop_source source;
  std::atomic<index_t> ran{0};
  loop_options how = any_options(draw);
  how.stop = source.get_token();
  const auto body = [&](int i) {
    value_of_child(seed, static_cast<std::uint64_t>(i), depth, 0);
    if (++ran == last + 1) source.request_stop();
  };
  const loop_result result = parallel_for(n, body, how);
  return result.iterations == ran && ran > last ? 1 : 0;
}

/// Another number of workers for what is inside.
std::uint64_t scoped_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const scoped_context scope{.workers = 1 + draw.below(8), .oversubscribe = draw.one_in(2)};
  return loop_nest(draw.next(), depth);
}

/// Another thread loops at the same time.
std::uint64_t threads_nest(std::uint64_t seed, int depth) {
  std::uint64_t other = 0;
  backend& engine = find_backend(explain().backend);
  const std::uint64_t of_other = child(seed, 1);
  std::jthread thread([&] {
    const scoped_context scope{.backend = engine};
    other = value(of_other, depth > 0 ? depth - 1 : 0);
  });
  const std::uint64_t own = value(child(seed, 2), depth > 0 ? depth - 1 : 0);
  thread.join();
  return mixed(own ^ mixed(other));
}

/// Prefixes of what children give, and where the first of a kind stands.
std::uint64_t scan_nest(std::uint64_t seed, int depth) {
  lots draw(seed);
  const int n = 4 * any_size(draw, depth);
  const int throws = draw.one_in(3) ? 200 : 0;
  const loop_options how = any_options(draw);
  std::vector<std::uint64_t> prefixes(static_cast<std::size_t>(n));
  const std::uint64_t total = parallel_inclusive_scan(
      n, sum<std::uint64_t>{},
      [&](int i) { return value_of_child(seed, static_cast<std::uint64_t>(i), depth > 0 ? depth - 1 : 0, throws); },
      [&](int i, std::uint64_t prefix) { prefixes[static_cast<std::size_t>(i)] = prefix; }, how);
  const auto rare = [&](index_t i) { return prefixes[static_cast<std::size_t>(i)] % 16 == 3; };
  const auto found = parallel_find_if(static_cast<index_t>(n), rare, how);
  return mixed(total ^ sum_of(prefixes) ^ static_cast<std::uint64_t>(found));
}

std::uint64_t invoked_nest(std::uint64_t seed, int depth) {
  const int inner = depth > 0 ? depth - 1 : 0;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t c = 0;
  parallel_invoke([&] { a = value(child(seed, 1), inner); }, [&] { b = value(child(seed, 2), inner); },
                  [&] { c = value_of_child(seed, 3, inner, 4); });
  return mixed(a ^ mixed(b ^ mixed(c)));
}

}  // namespace

std::span<const construct> loop_nests() {
  static constexpr construct all[] = {loop_nest,    loop_nest,  reduction_nest, tiles_nest,   collecting_nest, retrying_nest,
                                      stopped_nest, scoped_nest, scan_nest,     invoked_nest, threads_nest};
  return all;
}

}  // namespace soak
