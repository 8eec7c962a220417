#pragma once

#include <string_view>

#include "polyloop/index.hpp"

namespace polyloop::frames {

/// What a filter sees beyond the border of a frame "abcd":
///
///     replicate    aaa|abcd|ddd    the outermost pixels repeated
///     reflect      cba|abcd|dcb    mirrored, the outermost pixels twice
///     reflect101   dcb|abcd|cba    mirrored, the outermost pixels once
///     wrap         bcd|abcd|abc    the frame repeated
///     constant     vvv|abcd|vvv    a value
///
/// Kernels may be larger than the frame: mirroring and wrapping then go on.
enum class border_mode : unsigned char { replicate, reflect, reflect101, wrap, constant };

/// The name as above.
std::string_view to_string(border_mode mode) noexcept;

/// A border mode, and the value of `constant`, the same in every channel: rounded to nearest and cut
/// to the range of the samples.
struct border {
  constexpr border() = default;
  constexpr border(border_mode how, double constant = 0)  // NOLINT(google-explicit-constructor)
      : mode(how), value(constant) {}

  border_mode mode = border_mode::replicate;
  double value = 0;
};

/// The index in [0, size) that stands for index i, from anywhere; -1 where a
/// constant does. `size` is at least 1. O(1).
index_t border_index(index_t i, index_t size, border_mode mode) noexcept;

}  // namespace polyloop::frames
