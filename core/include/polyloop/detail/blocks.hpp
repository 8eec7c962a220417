#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "polyloop/index.hpp"

namespace polyloop::detail {

/// Elements in a block of a reduction over n elements: a rule of n alone, so
/// that the result is one of n alone. Between 512 and 1024 blocks where n
/// allows it (enough to keep 64 workers busy even if blocks are uneven), but
/// blocks of at most 16,384 elements (they stay in the first-level cache, and
/// the launch is noise beside them), but at most 2^17 blocks (the partial
/// values stay small).
constexpr index_t block_size(index_t n) {
  const index_t wanted = std::clamp<index_t>(n / 512, 1, 16384);
  const index_t least = n / 65536;
  return static_cast<index_t>(std::bit_floor(static_cast<std::uint64_t>(std::max(wanted, least))));
}

/// A partial value. A struct, so that a vector of bool ones is not packed:
/// neighbours are written by different workers.
template <class T>
struct partial {
  T value;
};

/// Combines neighbours, level by level, until one is left; an odd one at the
/// end moves up. Left and right keep their order.
template <class T, class Combine>
T combine_tree(std::vector<partial<T>>& parts, const Combine& combine) {
  for (std::size_t width = parts.size(); width > 1; width = (width + 1) / 2) {
    for (std::size_t i = 0; i < width / 2; ++i)
      parts[i].value = combine(std::move(parts[2 * i].value), std::move(parts[2 * i + 1].value));
    if (width % 2 != 0 && width > 1) parts[width / 2].value = std::move(parts[width - 1].value);
  }
  return std::move(parts.front().value);
}

}  // namespace polyloop::detail
