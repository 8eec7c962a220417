#pragma once

#include <optional>

#include "polyloop/frames/view.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::frames::detail {

/// Bilinear resizing of 8 bits in integers; nothing where neighbouring samples of the output lie too far
/// apart in the input for it.
std::optional<loop_result> resize_bilinear_bytes(const view<const std::uint8_t>& in,
                                                 const view<std::uint8_t>& out, const loop_options& options);

}  // namespace polyloop::frames::detail
