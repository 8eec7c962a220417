#pragma once

#include <cstdint>
#include <vector>

#include "polyloop/index.hpp"

/// Bilinear resizing of 8 bits, in 16-bit integers: along the rows of the input, then between two of these.
namespace polyloop::frames::detail {

/// Which samples of a row each sample of the output lies between, in blocks of eight that are within sixteen
/// of the input.
struct bilinear_plan {
  static constexpr index_t block = 8;
  index_t step = 1;                   ///< from a sample to its neighbour: the channels
  std::vector<index_t> from;          ///< the least sample of each block
  std::vector<std::uint8_t> offsets;  ///< of the samples from there; each is followed by 0x80
  std::vector<std::int16_t> weights;  ///< of the neighbours, in 2^-15
};

struct bilinear_rows {
  /// out[i] = 128 times the weighed mean of a sample and its neighbour, rounded; whole blocks.
  void (*along)(const std::uint8_t* line, const bilinear_plan& plan, std::int16_t* out);
  /// out[i] = the mean of two such rows, the lower of which weighs `weight` 2^-15, as 8 bits.
  void (*between)(const std::int16_t* upper, const std::int16_t* lower, std::int16_t weight, index_t count,
                  std::uint8_t* out);
};
bilinear_rows bilinear();

}  // namespace polyloop::frames::detail
