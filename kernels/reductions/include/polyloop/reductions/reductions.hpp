#pragma once

#include "polyloop/reductions/contiguous.hpp"
#include "polyloop/reductions/extrema.hpp"
#include "polyloop/reductions/moments.hpp"
#include "polyloop/reductions/sum.hpp"

/// Reductions of arrays at the memory's speed, the same bits everywhere.
///
/// Common to all of them:
///  - Input: any `contiguous` object of float, double, int32 or int64 elements
///    (spans, vectors, arrays, Eigen vectors and matrices).
///  - One pass over the memory, O(n) work, O(n / block) memory.
///  - The result depends on the values and their number only: same bits on
///    every backend, with any schedule and any number of workers (see
///    parallel_reduce). Inside a block a fixed number of independent lanes
///    takes the elements in turn, so that the order of the operations is the
///    same on every instruction set.
///  - NaN: a NaN in the input is a NaN in the result, of every function here.
///  - Thread-safe, as long as nobody writes to the input. Nested as parallel_for is.
///  - `options` as for every loop; one that is stopped early throws stopped.
