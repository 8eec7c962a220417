#pragma once

#include <string>
#include <vector>

#include "polyloop/bench.hpp"
#include "support/measure.hpp"

namespace polyloop::bench {

/// A kernel on data of one size, by its name.
struct instance {
  std::string name;
  index_t size = 0;
  kernel code;
};

/// Sets the kernel up. Throws what its setup throws.
instance prepared(const kernel_family& family, index_t size);

/// A way to run a kernel: ours on a backend, or the twin by hand on its runtime.
struct variant {
  std::string backend = {};
  int workers = 1;
  polyloop::schedule schedule = polyloop::schedule::automatic;
  bool raw = false;

  friend bool operator==(const variant&, const variant&) = default;
};

/// The kernel as something to be timed, its name as the label of its loops. The
/// instance is to outlive it, and to have the raw twin if the variant is one.
subject subject_of(const instance& which, const variant& how);

/// Seconds for one run of the kernel: the mean of the runs of one sample that
/// lasts about so long. Waits before until the workers of others sleep, and
/// wakes its own by runs that are not measured, so a call takes longer than
/// its sample. Throws unknown_backend, and what the kernel throws.
double measure_kernel(const instance& which, const variant& how, double sample_seconds = 1e-3);

}  // namespace polyloop::bench
