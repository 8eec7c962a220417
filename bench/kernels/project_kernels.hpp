#pragma once

#include <memory>
#include <vector>

#include "kernels/inputs.hpp"
#include "polyloop/bench.hpp"

namespace polyloop::bench {

/// Plain loops: little work, streams through memory, a stencil, pure computing,
/// uneven iterations, a loop in a loop.
std::vector<kernel_family> loop_kernels(bool quick);

/// A loop that does next to nothing: its time is what a launch costs.
kernel launch_kernel();

/// Grayscale, Gaussian blur and Sobel magnitude, 8-bit and float.
std::vector<kernel_family> frame_kernels(const std::shared_ptr<const clip>& from);

/// Sum, dot, minimum and maximum with index, mean and variance of n generated doubles.
std::vector<kernel_family> number_kernels(index_t n);

/// Reading the table, and grouping it by a string and by an integer.
std::vector<kernel_family> table_kernels(const std::shared_ptr<const csv_input>& from);

}  // namespace polyloop::bench
