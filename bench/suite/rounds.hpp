#pragma once

#include <benchmark/benchmark.h>

#include <vector>

#include "suite/measure_kernel.hpp"

namespace polyloop::bench {

/// The repetitions of one way to run a kernel as Google Benchmark tells them.
using repetitions = std::vector<benchmark::BenchmarkReporter::Run>;

/// Times the kernel in each of the ways with Google Benchmark: one repetition of
/// each is a round, and in each round Google Benchmark shuffles them. Returns
/// the repetitions of each way; those at the same place are of the same round.
/// Not to be called from two threads at once, and forgets whatever benchmarks
/// were registered.
std::vector<repetitions> measure_rounds(const instance& which, const std::vector<variant>& ways,
                                        const plan& how);

/// Seconds per run, one value for each repetition.
samples samples_of(const repetitions& of);

}  // namespace polyloop::bench
