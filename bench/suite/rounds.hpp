#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "suite/measure_kernel.hpp"

namespace polyloop::bench {

/// The repetitions of one way to run a kernel as Google Benchmark tells them.
using repetitions = std::vector<benchmark::BenchmarkReporter::Run>;

/// A kernel in one of the ways to run it. The instance is to outlive it.
struct contender {
  const instance* which;
  variant how;

  std::string name() const;
};

/// Times the contenders with Google Benchmark: one repetition of each is a round,
/// and in each round Google Benchmark shuffles them. Returns the repetitions of
/// each; those at the same place are of the same round. Their names are to be
/// different. Not to be called from two threads at once, and forgets whatever
/// benchmarks were registered.
std::vector<repetitions> measure_rounds(const std::vector<contender>& contenders, const plan& how);

/// Seconds per run, one value for each repetition.
samples samples_of(const repetitions& of);

}  // namespace polyloop::bench
