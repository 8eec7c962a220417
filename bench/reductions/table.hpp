#pragma once

#include <functional>
#include <vector>

#include "support/claim_program.hpp"

namespace polyloop::bench::reductions_bench {

/// Whole buffers beside the limit of reading them.
std::vector<claim> float_claims();
std::vector<claim> double_claims();
/// The same bits from every backend.
std::vector<claim> hash_claims();
/// By row and by column, beside Eigen.
std::vector<claim> line_claims();

inline constexpr claim_entry entries[] = {
    {"float", float_claims},
    {"double", double_claims},
    {"hash", hash_claims},
    {"lines", line_claims},
};

/// Seconds of things that are timed in turn: the median of each.
std::vector<double> medians_in_turn(int rounds, const std::vector<std::function<void()>>& calls);

}  // namespace polyloop::bench::reductions_bench
