#include "tables/thread_count.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>

#include "tables/crew.hpp"
#include "tables/tables.hpp"

namespace polyloop::bench::tables {

namespace {

constexpr index_t iterations = 64;
constexpr index_t units[] = {300, 15'000, 150'000};  // loops of about 20 us, 1 ms, 10 ms
constexpr std::chrono::milliseconds watched(60);     // for each of them

std::map<std::string, int> counts;

int threads_now() {
  std::ifstream status("/proc/self/status");
  std::string word;
  int threads = 0;
  while (status >> word)
    if (word == "Threads:") status >> threads;
  return threads;
}

/// The most threads seen by one of the callers while all of them loop.
int most_threads(const variant& one, index_t cost) {
  const std::thread::id watcher = std::this_thread::get_id();
  const auto end = std::chrono::steady_clock::now() + watched;
  int most = 0;
  crew callers;
  callers.run([&] {
    one.enter([&] {
      while (std::chrono::steady_clock::now() < end) {
        one.loops->even(iterations, cost);
        if (std::this_thread::get_id() == watcher) most = std::max(most, threads_now());
      }
    });
  });
  return most;
}

int most_threads(const variant& one) {
  int most = 0;
  for (const index_t cost : units) most = std::max(most, most_threads(one, cost));
  return most;
}

int counted_in_child(const variant& one) {
  int ends[2];
  if (pipe(ends) != 0) return 0;
  const pid_t child = fork();
  if (child == 0) {
    const int most = most_threads(one);
    const bool told = write(ends[1], &most, sizeof most) == sizeof most;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  int most = 0;
  if (child < 0 || read(ends[0], &most, sizeof most) != sizeof most) most = 0;
  close(ends[0]);
  if (child > 0) waitpid(child, nullptr, 0);
  return most;
}

}  // namespace

void count_threads_of_callers(const settings& how) {
  for (const variant& each : all_variants(how.backend)) counts[each.name] = counted_in_child(each);
}

int counted_threads(const std::string& variant_name) {
  return counts[variant_name];
}

}  // namespace polyloop::bench::tables
