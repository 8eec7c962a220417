// Random nests of loops with random throws, stops and numbers of workers, on every
// backend and from several threads at once; each beside the plain form of the same nest.
//
//   polyloop-soak [--seconds 20] [--seed 1] [--threads 3]
//
// Ends with 1 where a result was not that of the plain form, or where nothing came to
// its end for a minute; says the seed that it was.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <polyloop/polyloop.hpp>
#include <polyloop/testing/shuffle_backend.hpp>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace polyloop;

namespace {

using seconds = std::chrono::seconds;
constexpr seconds longest_silence{60};

/// SplitMix64: the numbers of a node depend on its seed alone, whoever computes it.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

class chance {
 public:
  explicit chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t end) { return (state_ = mixed(state_)) % end; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

/// What bodies throw; the seed tells which.
struct failure {
  std::uint64_t which;
};

/// How a nest ended: with a value, or with an exception.
struct outcome {
  double value = 0;
  std::uint64_t failed = 0;  // 0: with a value
  bool operator==(const outcome& other) const {
    return failed == other.failed && std::memcmp(&value, &other.value, sizeof value) == 0;
  }
};

/// One choice of backends, workers and schedules for all loops of a nest: what a
/// result must not depend on. `plain` runs every loop as a for statement.
struct way {
  std::vector<backend*> backends;
  std::uint64_t lot = 0;
  bool plain = false;
};

schedule any_schedule(chance& how) {
  const index_t grain = 1 + static_cast<index_t>(how.below(20));
  switch (how.below(5)) {
    case 0:
      return schedule::static_();
    case 1:
      return schedule::static_(grain);
    case 2:
      return schedule::dynamic(grain);
    case 3:
      return schedule::guided(grain);
    default:
      return schedule::automatic;
  }
}

double node(std::uint64_t seed, int depth, const way& on);

/// What iteration i of a node gives: some arithmetic, a nest of its own, or a throw.
double iteration(std::uint64_t seed, index_t i, int depth, const way& on, std::uint64_t throws_one_in) {
  const std::uint64_t own = mixed(seed ^ static_cast<std::uint64_t>(i) * 0x2545f4914f6cdd1d);
  if (throws_one_in != 0 && own % throws_one_in == 0) throw failure{own | 1};
  const double value = 1.0 / static_cast<double>(1 + own % 1000);
  return depth > 0 && own % 16 == 0 ? value + node(own, depth - 1, on) : value;
}

template <class Body>
void run_for(index_t n, const way& on, const loop_options& options, const Body& body) {
  if (!on.plain) {
    parallel_for(n, body, options);
    return;
  }
  for (index_t i = 0; i < n; ++i) body(i);
}

template <class Body>
void run_grid(index_t rows, index_t columns, const way& on, const loop_options& options, const Body& body) {
  if (!on.plain) {
    parallel_for(
        grid2{rows, columns}, [&](index_t r, index_t c) { body(r * columns + c); }, options);
    return;
  }
  for (index_t i = 0; i < rows * columns; ++i) body(i);
}

double in_order(const std::vector<double>& values) {
  double total = 0;
  for (const double each : values) total = total * 0.75 + each;
  return total;
}

/// A sum by the rule of the library; in the plain form on one thread.
double reduced(index_t n, const loop_options& options, const way& on, const auto& value) {
  const scoped_context one{.workers = on.plain ? std::optional<int>(1) : std::nullopt};
  return parallel_reduce(n, sum<double>{}, value, options);
}

/// A loop of the same nest that is stopped on its way: whatever has run, it ends and says so.
void stopped_loop(std::uint64_t seed, const loop_options& how) {
  chance next(seed);
  std::stop_source source;
  loop_options options = how;
  options.stop = source.get_token();
  if (next.one_in(2))
    options.deadline = std::chrono::steady_clock::now() + std::chrono::microseconds(next.below(300));
  const index_t n = 1 + static_cast<index_t>(next.below(3000));
  const auto at = static_cast<index_t>(next.below(4000));
  std::atomic<index_t> ran{0};
  const loop_result result = parallel_for(
      n,
      [&](index_t i) {
        if (i == at) source.request_stop();
        ran.fetch_add(1, std::memory_order_relaxed);
      },
      options);
  if (ran != result.iterations || result.finished() != (ran == n))
    throw std::logic_error("a stopped loop lied");
}

double node(std::uint64_t seed, int depth, const way& on) {
  chance next(seed);
  chance how(mixed(seed ^ on.lot));
  const index_t n = static_cast<index_t>(next.one_in(8) ? next.below(3) : next.below(depth > 0 ? 60 : 800));
  const std::uint64_t throws_one_in = next.one_in(4) ? 40 + next.below(400) : 0;
  const std::uint64_t kind = next.below(4);
  const bool stops = next.one_in(6);

  const bool oversubscribe = how.one_in(3);
  const bool chooses = !on.plain && how.one_in(3);
  const scoped_context scope{
      .backend = chooses ? backend_ref(*on.backends[how.below(on.backends.size())]) : backend_ref(),
      .workers =
          on.plain || how.one_in(2) ? std::nullopt : std::optional<int>(1 + static_cast<int>(how.below(6))),
      .oversubscribe = oversubscribe};
  loop_options options{.label = how.one_in(2) ? "soak" : "", .schedule = any_schedule(how)};
  if (how.one_in(4)) options.workers = 1 + static_cast<int>(how.below(4));

  if (stops && !on.plain) stopped_loop(seed, options);
  const auto value = [&](index_t i) { return iteration(seed, i, depth, on, throws_one_in); };
  if (kind == 0) return reduced(n, options, on, value);
  std::vector<double> values(static_cast<std::size_t>(kind == 1 ? n * 3 : n));
  const auto body = [&](index_t i) { values[static_cast<std::size_t>(i)] = value(i); };
  kind == 1 ? run_grid(n, 3, on, options, body) : run_for(n, on, options, body);
  return in_order(values);
}

outcome nest(std::uint64_t seed, const way& on) {
  try {
    return {node(seed, 2, on), 0};
  } catch (const failure& thrown) {
    return {0, thrown.which};
  } catch (const std::logic_error& lie) {
    std::fprintf(stderr, "soak: %s\n", lie.what());
    return {0, 2};  // no failure has an even number
  }
}

/// Ends the program where nothing has come to its end for a long time.
class watchdog {
 public:
  void alive() { beats_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t beats() const { return beats_.load(std::memory_order_relaxed); }

 private:
  void watch(const std::stop_token& over) {
    std::mutex lock;
    std::condition_variable_any ends;
    std::unique_lock hold(lock);
    for (std::uint64_t before = beats();; before = beats()) {
      ends.wait_for(hold, over, longest_silence, [] { return false; });
      if (over.stop_requested()) return;
      if (beats() != before) continue;
      std::fprintf(stderr, "soak: nothing ended for %lld s\n",
                   static_cast<long long>(longest_silence.count()));
      std::abort();  // leaves a core to look at
    }
  }

  std::atomic<std::uint64_t> beats_{0};
  std::jthread watcher_{[this](const std::stop_token& over) { watch(over); }};
};

struct settings {
  long seconds = 20;
  std::uint64_t seed = 1;
  int threads = 3;
};

settings read(int count, char** words) {
  settings given;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string flag = words[i];
    if (flag == "--seconds") given.seconds = std::atol(words[i + 1]);
    if (flag == "--seed") given.seed = std::strtoull(words[i + 1], nullptr, 10);
    if (flag == "--threads") given.threads = std::atoi(words[i + 1]);
  }
  return given;
}

/// Nests until the time is over, or one is wrong.
void soak(std::uint64_t seed, std::chrono::steady_clock::time_point until,
          const std::vector<backend*>& backends, watchdog& dog, std::atomic<int>& wrong,
          std::atomic<int>& failures) {
  const way plain{.backends = {}, .lot = 0, .plain = true};
  std::uint64_t lot = 0;
  while (std::chrono::steady_clock::now() < until && wrong == 0) {
    seed = mixed(seed);
    const outcome expected = nest(seed, plain);
    failures += expected.failed != 0;
    for (backend* each : backends) {
      const scoped_context scope{.backend = *each};
      if (nest(seed, {.backends = backends, .lot = ++lot}) == expected) continue;
      ++wrong;
      std::fprintf(stderr, "soak: another result on %s, nest %llu\n", std::string(each->name()).c_str(),
                   static_cast<unsigned long long>(seed));
    }
    dog.alive();
  }
}

}  // namespace

int main(int count, char** words) {
  const settings given = read(count, words);
  testing::shuffle_backend shuffled({.seed = given.seed, .interleave = true});
  std::vector<backend*> backends(compiled_backends().begin(), compiled_backends().end());
  backends.push_back(&shuffled);

  watchdog dog;
  std::atomic<int> wrong{0};
  std::atomic<int> failures{0};
  const auto until = std::chrono::steady_clock::now() + seconds(given.seconds);
  std::vector<std::jthread> callers;
  for (int t = 0; t < given.threads; ++t)
    callers.emplace_back(
        [&, t] { soak(given.seed + static_cast<std::uint64_t>(t), until, backends, dog, wrong, failures); });
  callers.clear();
  std::printf("%llu nests on %zu backends, of which %d threw; seed %llu: %s\n",
              static_cast<unsigned long long>(dog.beats()), backends.size(), failures.load(),
              static_cast<unsigned long long>(given.seed), wrong == 0 ? "all as the plain form" : "WRONG");
  return wrong == 0 && dog.beats() > 0 ? 0 : 1;
}
