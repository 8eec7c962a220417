#pragma once

/// Trials of the suite on itself. Each measures as the suite does, for about a
/// second, kernels of several kinds in turn, at one and at all workers.
namespace polyloop::bench::honesty {

/// To be called once before the first trial.
void prepare();

/// The same kernel under two names in the same rounds: whether the interval of
/// their ratio contains 1.
bool equals_look_equal(int trial);

/// A kernel that computes, and afterwards the same with 5 % more work: whether the
/// comparison with the baseline calls it slower.
bool slower_is_flagged(int trial);

/// A kernel, and afterwards the same: whether it is called slower all the same.
bool unchanged_is_flagged(int trial);

}  // namespace polyloop::bench::honesty
