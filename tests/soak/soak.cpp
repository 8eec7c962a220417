/// Random nests of all constructs, with random throws, stops and numbers of workers: on every backend the
/// value is that of the serial one, nothing hangs, and nothing is left behind.
///
/// A nest is a function of a number: value(seed, depth). From the seed come the construct, its size and
/// options, and the seeds of its children, so that no order of running changes the value.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <polyloop/polyloop.hpp>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace polyloop;
using clock_type = std::chrono::steady_clock;

/// The finaliser of splitmix64 (Steele, Lea, Flood 2014): numbers that have nothing in common.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}
std::uint64_t child(std::uint64_t seed, std::uint64_t number) {
  return mixed(seed ^ mixed(number + 1));
}

/// Draws one number after the other from a seed.
class lots {
 public:
  explicit lots(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() { return state_ = mixed(state_); }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

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

loop_options any_options(lots& draw) {
  loop_options how{.schedule = any_schedule(draw)};
  if (draw.one_in(4)) how.workers = 1 + draw.below(8);
  return how;
}

/// Thrown on purpose, with the value that the nest then has.
struct planned {
  std::uint64_t value;
};

std::uint64_t value(std::uint64_t seed, int depth);

/// The value of a child, with some work of its own; now and then it throws instead.
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

using construct = std::uint64_t (*)(std::uint64_t seed, int depth);
constexpr construct constructs[] = {loop_nest,     loop_nest,    reduction_nest, tiles_nest, collecting_nest,
                                    retrying_nest, stopped_nest, scoped_nest,    scan_nest,  invoked_nest,
                                    threads_nest,  tasks_nest,   divided_nest,   team_nest};

std::uint64_t value(std::uint64_t seed, int depth) {
  try {
    return constructs[mixed(seed ^ 7) % std::size(constructs)](mixed(seed), depth);
  } catch (const planned& thrown) {
    return thrown.value;
  }
}

std::string name_of(const backend& engine) {
  return std::string(engine.name());
}

/// Ends the process, with words, when one round takes much too long.
class watchdog {
 public:
  watchdog() : thread_([this](const std::stop_token& end) { watch(end); }) {}
  void begin(std::uint64_t seed, const backend& engine) {
    seed_ = seed;
    engine_ = &engine;
    ++rounds_;
  }

 private:
  void watch(const std::stop_token& end) {
    constexpr int patience = 1200;  // tenths of a second
    std::uint64_t seen = 0;
    for (int waited = 0; !end.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds(100))) {
      waited = std::exchange(seen, rounds_.load()) == rounds_ ? waited + 1 : 0;
      if (waited < patience) continue;
      std::fprintf(stderr, "hangs: seed %s on %s\n", std::to_string(seed_).c_str(), name_of(*engine_).c_str());
      std::abort();
    }
  }

  std::atomic<std::uint64_t> seed_{0};
  std::atomic<const backend*> engine_{nullptr};
  std::atomic<std::uint64_t> rounds_{0};
  std::jthread thread_;
};

constexpr int depth = 3;

/// What it is on one thread, whatever the backend.
std::uint64_t value_alone(std::uint64_t seed) {
  const scoped_context scope{.workers = 1};
  return value(seed, depth);
}

bool round_agrees(std::uint64_t seed, watchdog& dog) {
  const auto on = [&](backend& engine) {
    dog.begin(seed, engine);
    lots draw(seed);
    const scoped_context scope{.backend = engine, .workers = 1 + draw.below(8), .oversubscribe = true};
    return value(seed, depth);
  };
  const std::uint64_t expected = value_alone(seed);
  for (backend* each : compiled_backends()) {
    const std::uint64_t found = on(*each);
    if (found == expected) continue;
    std::fprintf(stderr, "seed %s: %s alone, %s on %s\n", std::to_string(seed).c_str(),
                 std::to_string(expected).c_str(), std::to_string(found).c_str(), name_of(*each).c_str());
    return false;
  }
  return true;
}

constexpr const char* usage =
    "Runs random nests of loops on every backend and compares their values.\n"
    "usage: polyloop-soak [--rounds N | --seconds N] [--seed N]\n"
    "example: polyloop-soak --seconds 600\n"
    "status: 0 all agree; 1 two differ; 2 wrong use; aborted: one hangs\n";

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t rounds = 100;
  std::uint64_t seed = 1;
  auto until = clock_type::time_point::max();
  for (int i = 1; i < argc; i += 2) {
    const std::string_view flag = argv[i];
    const std::uint64_t number = i + 1 < argc ? std::strtoull(argv[i + 1], nullptr, 10) : 0;
    if (flag == "--help") return std::fputs(usage, stdout) < 0;
    if (flag == "--rounds" && number > 0) {
      rounds = number;
    } else if (flag == "--seconds" && number > 0) {
      rounds = ~std::uint64_t{0};
      until = clock_type::now() + std::chrono::seconds(number);
    } else if (flag == "--seed" && i + 1 < argc) {
      seed = number;
    } else {
      std::fputs(usage, stderr);
      return 2;
    }
  }
  watchdog dog;
  std::uint64_t round = 0;
  for (; round < rounds && clock_type::now() < until; ++round)
    if (!round_agrees(mixed(seed + round), dog)) return 1;
  std::printf("%llu rounds agree\n", static_cast<unsigned long long>(round));
}
