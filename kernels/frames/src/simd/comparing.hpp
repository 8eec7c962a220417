#pragma once

#include <cstdint>

#include "polyloop/index.hpp"

namespace polyloop::frames::detail {

/// What samples are compared with, and what becomes of them: those of in - mean > -below are above.
struct mean_limit {
  std::int32_t below;  ///< -256 to 256
  std::uint8_t above_it;
  std::uint8_t else_it;
};

/// Rows of 8-bit samples beside the means of windows.
struct comparing_rows {
  /// The output may be the means.
  void (*with_means)(const std::uint8_t* in, const std::uint8_t* means, const mean_limit& limit,
                     index_t count, std::uint8_t* out);
  /// With means of an odd area, rounded to nearest, by their sums.
  void (*with_sums)(const std::uint8_t* in, const std::uint32_t* sums, std::int32_t area,
                    const mean_limit& limit, index_t count, std::uint8_t* out);
};
comparing_rows comparing();

}  // namespace polyloop::frames::detail
