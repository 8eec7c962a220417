#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "compare/kernel_case.hpp"
#include "support/measure.hpp"

namespace polyloop::bench {

/// A line of the comparison.
struct comparison {
  std::string kernel;
  std::string input;
  std::string backend;
  int workers = 1;
  double seconds = 0;      // median
  double spread = 0;       // half the distance of the quartiles, relative
  double speed_up = 0;     // over serial
  double raw_seconds = 0;  // by hand; 0 where the runtime has no baseline
  double ratio = 0;        // ours over raw, in time
  std::uint64_t hash = 0;
  int rounds = 0;
};

/// Two backends, or two numbers of workers, disagree about a result.
class different_results : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Runs the kernel on every compiled-in backend at one and at all workers,
/// checks that all results are the same, bit by bit (throws
/// different_results), and that the ones by hand are right (throws
/// std::logic_error), and then measures all of them in turn.
std::vector<comparison> run_case(const kernel_case& each, const plan& how);

}  // namespace polyloop::bench
