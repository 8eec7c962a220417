#pragma once

#include <memory>
#include <vector>

#include "compare/inputs.hpp"
#include "compare/kernel_case.hpp"

namespace polyloop::bench {

/// Grayscale, Gaussian blur and Sobel magnitude, 8-bit and float.
void add_frame_cases(const std::shared_ptr<const clip>& from, std::vector<kernel_case>& all);

/// Sum, dot, minimum and maximum with index, mean and variance of n generated doubles.
void add_number_cases(index_t n, std::vector<kernel_case>& all);

/// Reading the table, and grouping it by a string and by an integer.
void add_table_cases(const std::shared_ptr<const csv_input>& from, std::vector<kernel_case>& all);

}  // namespace polyloop::bench
