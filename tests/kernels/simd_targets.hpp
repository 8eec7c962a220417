#pragma once

#include <doctest/doctest.h>
#include <hwy/targets.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "effort.hpp"
#include "polyloop/backend.hpp"
#include "polyloop/context.hpp"

namespace simd {

/// Lets filters use one SIMD target of this machine, for its own lifetime.
class only_target {
 public:
  explicit only_target(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  only_target(const only_target&) = delete;
  only_target& operator=(const only_target&) = delete;
  ~only_target() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};

/// What on_everything() makes at least.
inline int least_combinations() {
  return static_cast<int>(polyloop::compiled_backends().size() * std::size(effort::numbers_of_workers));
}

/// The SIMD targets that this machine has; for sanitizers the best and the plainest, or the best alone.
inline std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> all = hwy::SupportedAndGeneratedTargets();
#if defined(POLYLOOP_SANITIZED_THREAD)
  all.resize(1);
#elif defined(POLYLOOP_SANITIZED)
  if (all.size() > 2) all.erase(all.begin() + 1, all.end() - 1);
#endif
  return all;
}

/// Calls run() with each SIMD target.
template <class Run>
void on_every_target(const Run& run) {
  for (const std::int64_t target : targets()) {
    INFO("SIMD target ", hwy::TargetName(target));
    const only_target scope(target);
    run();
  }
}

/// Calls run() for every backend, number of workers and SIMD target; returns how many there were.
template <class Run>
int on_everything(const Run& run) {
  int combinations = 0;
  for (polyloop::backend* const each : polyloop::compiled_backends())
    for (const int workers : effort::numbers_of_workers) {
      INFO("backend ", std::string(each->name()), ", workers ", workers);
      const polyloop::scoped_context scope{.backend = *each, .workers = workers, .oversubscribe = true};
      on_every_target([&] { run(), ++combinations; });
    }
  return combinations;
}

}  // namespace simd
