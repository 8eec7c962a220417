#pragma once

#include "polyloop/reductions/count.hpp"
#include "polyloop/reductions/covariance.hpp"
#include "polyloop/reductions/exact.hpp"
#include "polyloop/reductions/extrema.hpp"
#include "polyloop/reductions/histogram.hpp"
#include "polyloop/reductions/input.hpp"
#include "polyloop/reductions/lines.hpp"
#include "polyloop/reductions/log_sum_exp.hpp"
#include "polyloop/reductions/moments.hpp"
#include "polyloop/reductions/norms.hpp"
#include "polyloop/reductions/quantiles.hpp"
#include "polyloop/reductions/sum.hpp"
#include "polyloop/reductions/top_k.hpp"

/// Reductions of numbers at the memory's speed, the same bits everywhere (docs/reductions.md).
///
/// Common to all of them:
///  - Input: any `sequence` (input.hpp): spans, vectors, arrays, Eigen vectors and matrices, strided views,
///  index
///    functions; the lines of a matrix (lines.hpp).
///  - Where nothing else is said: one pass over the memory, O(n) work, O(n / block) memory.
///  - The result depends on the values and their number only: same bits on every
///    backend, with any schedule and any number of workers (see parallel_reduce), and from
///    every kind of input. Inside a stretch a fixed number of independent lanes
///    takes the elements in turn, so that the order of the operations is the
///    same on every instruction set.
///  - NaN: a NaN in the input is a NaN in the result, where nothing else is said.
///  - Integers are added and multiplied modulo 2^64; nothing is thrown.
///  - Thread-safe, as long as nobody writes to the input. Nested as parallel_for is.
///  - `options` as for every loop; an iteration is a stretch of 8 to 64 KiB, and one that is
///  stopped early throws stopped.
