#pragma once

#include <doctest/doctest.h>

#include <array>
#include <polyloop/polyloop.hpp>
#include <string>
#include <vector>

/// The conformance kit: what every backend must do, as tests. A backend from
/// outside the project is put through it by a file that defines
/// backends_under_test() and a call of polyloop_add_conformance_test() in CMake.
namespace contract {

/// The backends that the suite is to be run on. Defined by who uses the kit.
std::vector<polyloop::backend*> backends_under_test();

/// Fewer where each costs much: a define of the build, as ThreadSanitizer's has it.
#ifndef POLYLOOP_CONTRACT_WORKER_COUNTS
#define POLYLOOP_CONTRACT_WORKER_COUNTS 1, 2, 4, 8
#endif
inline constexpr std::array worker_counts{POLYLOOP_CONTRACT_WORKER_COUNTS};

/// Every kind of schedule, with small, odd and excessive grains.
std::vector<polyloop::schedule> all_schedules();

/// Calls run(workers) in a scope for every backend and number of workers; the
/// scopes oversubscribe, so that 8 workers are 8 threads on any machine.
template <class Run>
void on_every_setting(const Run& run) {
  for (polyloop::backend* each : backends_under_test()) {
    for (const int workers : worker_counts) {
      INFO("backend ", std::string(each->name()), ", workers ", workers);
      const polyloop::scoped_context scope{.backend = *each, .workers = workers, .oversubscribe = true};
      run(workers);
    }
  }
}

/// The same, for every schedule.
template <class Run>
void on_every_schedule(const Run& run) {
  on_every_setting([&](int) {
    for (const polyloop::schedule& how : all_schedules()) {
      INFO("schedule ", static_cast<int>(how.how()), ", grain ", how.grain());
      run(how);
    }
  });
}

/// What bodies throw, to tell where.
struct failure {
  polyloop::index_t at;
};

/// Where it was that the call threw; -1 if it did not.
template <class Call>
polyloop::index_t thrown_by(const Call& call) {
  try {
    call();
  } catch (const failure& caught) {
    return caught.at;
  }
  return -1;
}

/// Uses up CPU time in a way that no optimiser removes.
void burn(int rounds);

/// FNV-1a over the bytes of values.
template <class T>
std::uint64_t hash_of(const std::vector<T>& values) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto* bytes = reinterpret_cast<const unsigned char*>(values.data());
  for (std::size_t i = 0; i < values.size() * sizeof(T); ++i) hash = (hash ^ bytes[i]) * 0x100000001b3;
  return hash;
}

}  // namespace contract
