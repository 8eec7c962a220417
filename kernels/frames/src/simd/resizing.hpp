#pragma once

#include <cstdint>
#include <vector>

#include "polyloop/index.hpp"
#include "tables.hpp"

namespace polyloop::frames::detail {

/// How samples along a row are gathered. Prepared for vectors of `lanes` floats: output samples are made in
/// blocks of so many, the last of which is filled up.
struct gather_plan {
  index_t lanes = 1;
  index_t taps = 1;
  index_t step = 1;  ///< samples between taps: the channels
  struct block {
    index_t from;  ///< the least sample that the block reads by its first tap
    bool near;     ///< whether it and `lanes` - 1 after it are all that the tap reads
  };
  std::vector<block> blocks;
  std::vector<std::int32_t> offsets;  ///< of each output sample, from its block's `from`
  std::vector<float> weights;         ///< for each block, tap by tap, lane by lane
};

/// Rows of resizing, in float.
template <class T>
struct resize_rows {
  /// out[i] = the weighed sum of samples of the line, as planned. Reads up to `lanes` samples more than the
  /// plan says.
  void (*gather)(const float* line, const gather_plan& plan, index_t count, T* out);
};
for_each_sample<resize_rows> resizing();
/// The lanes of the vectors that gather.
index_t gathering_lanes();

/// Which bytes a row of copies takes, for as many blocks of sixteen as lie within sixteen bytes of the input.
struct byte_plan {
  std::vector<index_t> from;
  std::vector<std::uint8_t> offsets;
};

/// Copies the bytes of the plan; returns how many.
using pick_function = index_t (*)(const std::uint8_t* in, const byte_plan& plan, std::uint8_t* out);
pick_function picking();

/// The means of 2 x 2 samples of two rows, of 1 to 4 channels.
void halve_bytes(const std::uint8_t* above, const std::uint8_t* below, index_t channels, index_t width,
                 std::uint8_t* out);

}  // namespace polyloop::frames::detail
