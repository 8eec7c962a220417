#pragma once

#include <doctest/doctest.h>
#include <hwy/targets.h>

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

/// Calls run() with each SIMD target that this machine has.
template <class Run>
void on_every_target(const Run& run) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
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
    for (const int workers : {1, 2, 3, 4, 5, 6, 7, 8}) {
      INFO("backend ", std::string(each->name()), ", workers ", workers);
      const polyloop::scoped_context scope{.backend = *each, .workers = workers, .oversubscribe = true};
      on_every_target([&] { run(), ++combinations; });
    }
  return combinations;
}

}  // namespace simd
