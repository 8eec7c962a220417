#pragma once

#include <algorithm>
#include <limits>
#include <type_traits>
#include <unordered_map>

#include "kernels/raw.hpp"

/// What the hand-written aggregations share: a hash table of the standard
/// library for each thread, merged at the end.
namespace polyloop::bench {

template <class Key>
using raw_groups = std::unordered_map<Key, raw_group>;

/// Stands for a missing key; the last when sorted.
template <class Key>
constexpr Key missing_key() {
  if constexpr (std::is_same_v<Key, std::int64_t>)
    return std::numeric_limits<std::int64_t>::max();
  else
    return "\xff missing";
}

inline void take_value(raw_group& group, double value) {
  group.minimum = group.count == 0 ? value : std::min(group.minimum, value);
  group.maximum = group.count == 0 ? value : std::max(group.maximum, value);
  group.sum += value;
  ++group.count;
}

template <class Key, class Keys>
void take_row(raw_groups<Key>& groups, const Keys& keys, const aggregation::double_column& values,
              index_t row) {
  raw_group& group = groups[keys.valid(row) ? keys[row] : missing_key<Key>()];
  ++group.rows;
  if (values.valid(row)) take_value(group, values[row]);
}

template <class Key>
void merge(raw_groups<Key>& all, const raw_groups<Key>& part) {
  for (const auto& [key, from] : part) {
    raw_group& to = all[key];
    to.rows += from.rows;
    if (from.count == 0) continue;
    to.minimum = to.count == 0 ? from.minimum : std::min(to.minimum, from.minimum);
    to.maximum = to.count == 0 ? from.maximum : std::max(to.maximum, from.maximum);
    to.sum += from.sum;
    to.count += from.count;
  }
}

template <class Key>
raw_grouped<Key> sorted(const raw_groups<Key>& groups) {
  raw_grouped<Key> all(groups.begin(), groups.end());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return all;
}

}  // namespace polyloop::bench
