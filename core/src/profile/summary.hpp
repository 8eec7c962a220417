#pragma once

#include <span>

#include "polyloop/profile.hpp"
#include "profile/observation.hpp"

namespace polyloop::detail {

inline void add(profile::hardware_counts& to, const profile::hardware_counts& more) noexcept {
  to.cycles += more.cycles;
  to.instructions += more.instructions;
  to.cache_misses += more.cache_misses;
}

inline void add(profile::work_sample& to, const profile::work_sample& more) noexcept {
  to.time += more.time;
  to.iterations += more.iterations;
}

/// Adds a call that has ended: what its caller did alone, and what each worker did since it was shared.
void add_call(profile::loop_summary& to, const profile::loop_event& call, const worker_share& alone,
              std::span<const worker_share> shares);

/// Adds what another thread has recorded of the same loop.
void merge(profile::loop_summary& to, const profile::loop_summary& more);

}  // namespace polyloop::detail
