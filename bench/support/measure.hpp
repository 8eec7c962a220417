#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace polyloop::bench {

/// Something to be timed.
struct subject {
  /// Makes `repeats` calls of it, one after the other.
  std::function<void(std::int64_t repeats)> run;
  /// Threads that it may wake.
  int workers = 1;
};

/// The run function of a subject that is a plain call. The loop is in here,
/// so that a call costs no indirection of ours.
template <class Call>
std::function<void(std::int64_t)> repeated(Call call) {
  return [call = std::move(call)](std::int64_t repeats) {
    for (std::int64_t i = 0; i < repeats; ++i) call();
  };
}

/// Wakes the workers of a subject by calls that are not measured. Returns the
/// shortest time of one of them: an interrupt makes some of them long.
double warm_up(const subject& what);

/// How often to call what takes `once` so that it lasts so many seconds.
std::int64_t repeats_that_last(const subject& what, double once, double seconds);

/// Seconds per call, of so many calls.
double seconds_of(const subject& what, std::int64_t repeats);

/// How long to measure.
struct plan {
  int most_rounds = 9;
  int least_rounds = 3;
  /// Calls are repeated until a sample takes so long.
  double sample_seconds = 1e-3;
  /// No further round is begun after so long, but for the least.
  double budget_seconds = std::numeric_limits<double>::infinity();
};

/// Seconds per call, a value for each round.
using samples = std::vector<double>;

/// Times the subjects in turn, round by round (A B, B A, A B ...), in an order
/// that is shuffled with a fixed seed: what disturbs the machine disturbs all of
/// them alike, and none always follows the same other one. Returns the samples
/// of each; those of one round belong together.
///
/// After a subject with several workers there is a pause until these sleep
/// (wait_until_quiet), and then each subject wakes its own workers by calls
/// that are not measured.
std::vector<samples> measure_in_turn(std::span<const subject> subjects, const plan& how);

}  // namespace polyloop::bench
