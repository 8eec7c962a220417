#pragma once

#include <vector>

#include "grouping.hpp"

namespace polyloop::aggregation {

/// Where the groups are, in the order of the result.
struct ordered_groups {
  detail::scratch_vector<std::uint32_t> first_row;
  detail::scratch_vector<const word*> state;
  index_t size() const { return static_cast<index_t>(first_row.size()); }
};

/// In the order that the job asks for: of first appearance, or sorted by the keys. The groups of each part
/// come in the order of their first rows already.
ordered_groups in_order(const grouping_job& job, const std::vector<found_groups>& parts);

}  // namespace polyloop::aggregation
