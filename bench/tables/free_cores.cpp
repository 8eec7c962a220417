#include <chrono>
#include <thread>
#include <vector>

#include "support/statistics.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

constexpr index_t units = 10'000'000;  // some 10 ms
constexpr int rounds = 5;

double seconds_at_once(int threads) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back([] { work(units); });
  work(units);
  for (std::thread& each : others) each.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double time_over_one_thread(int threads) {
  samples quotients;
  for (int i = 0; i < rounds; ++i) {
    const double alone = seconds_at_once(1);
    quotients.push_back(seconds_at_once(threads) / alone);
  }
  return median(quotients);
}

}  // namespace polyloop::bench::tables
