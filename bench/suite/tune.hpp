#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "suite/interval.hpp"
#include "suite/measure_kernel.hpp"
#include "suite/search.hpp"

namespace polyloop::bench {

/// Iterations of the longest of the kernel's outermost loops. Runs the kernel
/// once, on the calling thread.
index_t longest_loop(const kernel& which);

/// The ways to run a kernel that are worth a try, on these backends (all that are compiled
/// in where there are none): one worker; then 2, 4, 8, ... and all workers,
/// with the automatic schedule, static, and static, dynamic and guided with
/// grains 1, 4, 16, ... up to a worker's share of the iterations. The first two are
/// the default (the first backend, all workers, automatic) and one worker.
std::vector<variant> tuning_candidates(index_t iterations, const std::vector<std::string>& backends = {});

/// What tuning a kernel has found.
struct tuned_kernel {
  std::string kernel;
  index_t size = 0;
  variant best;
  double seconds = 0;  // of a run in the best way
  /// Probability that no other way is faster by more than search_plan::within.
  double confidence = 0;
  /// The default's time over the best way's.
  interval gain{1, 1, 1};
  std::size_t candidates = 0;
  std::size_t measurements = 0;

  /// Whether the gain is worth a line in a tuning: a smaller one may be gone tomorrow.
  bool worthwhile() const { return gain.middle > 1.02; }
};

/// Searches such candidates for the fastest. Throws what the kernel throws.
tuned_kernel tune(const instance& which, const std::vector<variant>& candidates,
                  double sample_seconds = 2e-3);

/// The text of a file that load_tuning() reads: a line for each kernel that
/// gains by it, its name the label; and what was found, as comments.
std::string tuning_text(const std::vector<tuned_kernel>& found);

}  // namespace polyloop::bench
