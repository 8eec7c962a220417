#pragma once

#include <array>
#include <cstdint>

#include "polyloop/index.hpp"

namespace polyloop::frames::detail {

/// out[i] = table[in[i]]; out may be in.
using lookup_function = void (*)(const std::uint8_t* in, const std::array<std::uint8_t, 256>& table,
                                 index_t count, std::uint8_t* out);
lookup_function lookup();

}  // namespace polyloop::frames::detail
