#pragma once

#include <functional>
#include <string>
#include <vector>

#include "polyloop/index.hpp"
#include "support/claim.hpp"

namespace polyloop::bench {

/// A filter with so many threads on frames of so many rows.
struct measured_row {
  std::string name;
  index_t height = 0;
  int threads = 1;
  double ours = 0;        // seconds
  double theirs = 0;      // seconds
  double ratio = 0;       // theirs / ours, the median of the pairs
  double difference = 0;  // of the outputs
  double rate = 0;        // bytes of inputs and outputs per second
  double of_copy = 0;     // its part of the rate of a copy in the same rounds
  double speed_up = 1;    // over one worker, in the same rounds
  bool bound_by_memory = false;
  double bar = 1;  // the least ratio
};

void print(const measured_row& row);

/// Calls it in a child process and brings its rows back. Throws std::runtime_error where the
/// child fails.
std::vector<measured_row> in_a_child(const std::function<std::vector<measured_row>()>& call);

/// The claims: each filter is not slower, and the geometric means of the ratios; those above 0.2 ms are 1.85
/// times as fast with two workers, unless these already have most of the rate of a copy.
std::vector<claim> claims_of(const std::vector<measured_row>& rows);

}  // namespace polyloop::bench
