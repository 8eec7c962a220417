#pragma once

#include <cstdint>
#include <vector>

#include "polyloop/index.hpp"

/// Resizing of 8 bits in integers: along the rows of the input, into 16 bits, then down several of these.
namespace polyloop::frames::detail {

/// Which samples of a row those of another are made of, and by what weights. Four samples are a unit, for a
/// tap of which sixteen bytes are looked up. The plan is a list of groups of units, in the order in which
/// they are computed: those of even number first.
struct byte_taps_plan {
  static constexpr index_t unit = 4;
  index_t group = 2;                  ///< units that are made together
  index_t step = 1;                   ///< bytes from tap to tap: the channels
  index_t pairs = 1;                  ///< of taps
  std::vector<index_t> from;          ///< of each unit the least byte that its first tap takes
  std::vector<std::uint8_t> offsets;  ///< of the unit's first two taps from there, each followed by 0x80
  std::vector<std::int16_t> weights;  ///< in 2^-14: for each half of a group, pair by pair, unit by unit
};

struct byte_tap_rows {
  index_t group;  ///< of the plans
  /// out[i] = 64 times the weighed sum, rounded; whole groups. Reads sixteen bytes from where a tap begins.
  void (*along)(const std::uint8_t* line, const byte_taps_plan& plan, std::int16_t* out);
  /// out[i] = the sum of such rows by weights of 2^-15, each rounded, as 8 bits.
  void (*down)(const std::int16_t* const* lines, const std::int16_t* weights, index_t taps, index_t count,
               std::uint8_t* out);
};
byte_tap_rows byte_taps();

}  // namespace polyloop::frames::detail
