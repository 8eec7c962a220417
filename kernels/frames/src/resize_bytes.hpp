#pragma once

#include <optional>

#include "polyloop/frames/view.hpp"
#include "polyloop/parallel_for.hpp"
#include "resize_taps.hpp"

namespace polyloop::frames::detail {

/// Resizing of 8 bits in integers; nothing where a sample of the output has many taps, or neighbouring ones
/// lie too far apart in the input for it.
std::optional<loop_result> resize_bytes(const view<const std::uint8_t>& in, const view<std::uint8_t>& out,
                                        interpolation how, const loop_options& options);

}  // namespace polyloop::frames::detail
