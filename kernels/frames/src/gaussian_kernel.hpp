#pragma once

#include <cstdint>
#include <vector>

#include "polyloop/frames/blur.hpp"

namespace polyloop::frames::detail {

/// Fractional bits of the weights of an 8-bit blur.
inline constexpr int weight_bits = 16;

/// The radius of a kernel. Throws invalid_argument for one that no blur can have.
index_t radius_of(const gaussian& kernel);

/// The weights of a kernel from the centre outwards: radius + 1 of them, so
/// that w[0] + 2 (w[1] + ... + w[radius]) is 1, or 2^weight_bits for integers.
template <class Weight>
std::vector<Weight> weights_of(const gaussian& kernel);
template <>
std::vector<float> weights_of<float>(const gaussian& kernel);
template <>
std::vector<std::uint16_t> weights_of<std::uint16_t>(const gaussian& kernel);

}  // namespace polyloop::frames::detail
