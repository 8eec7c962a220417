/// Random nests of all constructs, with random throws, stops and numbers of workers: on every backend the
/// value is that of the serial one, nothing hangs, and nothing is left behind.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "nests.hpp"

namespace {

using namespace polyloop;
using namespace soak;
using clock_type = std::chrono::steady_clock;

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
