#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "suite/measure_kernel.hpp"

namespace polyloop::bench {

/// A flag that cannot be used; the text names the flag and the place in it.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// In how many ways a kernel is to be run. By default: all backends, at one and
/// at all workers, with the automatic schedule.
struct sweep {
  /// Stands for the most workers that the backend may use.
  static constexpr int all_workers = 0;

  struct worker_range {
    int first = 1;
    int last = 1;
    friend bool operator==(const worker_range&, const worker_range&) = default;
  };

  std::vector<std::string> backends = {};  // all that are compiled in where there are none
  std::vector<worker_range> workers = {{1, 1}, {all_workers, all_workers}};
  std::vector<std::string> schedules = {"automatic"};
  std::vector<index_t> grains = {0};  // 0: the schedule's own
};

/// Reads "workers=1..N,schedule=automatic,dynamic,grain=1,64":
///
///     sweep = axis {"," axis}
///     axis  = key "=" value {"," value}
///     key   = "workers" | "schedule" | "grain" | "backend"
///
/// where a value of workers is a number, a range "1..4", or one with N, which
/// is all workers; of schedule automatic, static, dynamic or guided; of grain a
/// number of iterations, 0 for the schedule's own; of backend one that is
/// compiled in. No more workers are taken than there are. An axis that is left out
/// keeps its default. Throws usage_error.
sweep parse_sweep(std::string_view text);

/// The ways of ours that the sweep asks for, the serial backend first and with
/// one way alone: it has one worker, and nothing to share by a schedule.
std::vector<variant> our_variants(const sweep& asked);

/// Those of our variants that a twin by hand can be run as, each once.
std::vector<variant> raw_variants(const std::vector<variant>& ours);

}  // namespace polyloop::bench
