#pragma once

#include <cstdint>

#include "polyloop/index.hpp"

namespace polyloop::frames::detail {

/// What is known of a pixel on the way to Canny's edges.
enum edge_mark : std::uint8_t { no_edge = 0, weak_edge = 1, sure_edge = 2 };

/// A row of gradients, and the magnitudes of it and of the rows above and below, with a pixel before and
/// behind.
struct thinning_rows {
  const std::int16_t* gx;
  const std::int16_t* gy;
  const std::int16_t* above;
  const std::int16_t* here;
  const std::int16_t* below;
};

/// Marks the pixels of a row whose magnitude is the greatest across the edge and above `low`; those above
/// `high` are sure.
using thin_function = void (*)(const thinning_rows& rows, std::int32_t low, std::int32_t high, index_t count,
                               std::uint8_t* marks);
thin_function thinning();

}  // namespace polyloop::frames::detail
