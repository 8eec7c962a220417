#pragma once

#include <cstdint>

#include "polyloop/index.hpp"
#include "tables.hpp"

namespace polyloop::frames::detail {

/// out[i] = in[i] + (((in[i] - blurred[i]) * 32 * amount + 2^14) >> 15), cut to 0 .. 255; the amount is in
/// 1/1024.
using sharpen_bytes = void (*)(const std::uint8_t* in, const std::uint8_t* blurred, std::int16_t amount,
                               index_t count, std::uint8_t* out);
sharpen_bytes byte_sharpening();

/// out[i] = in[i] + amount * (in[i] - blurred[i]) in float.
template <class T>
using sharpen_floats = void (*)(const T* in, const float* blurred, float amount, index_t count, T* out);
for_each_sample<sharpen_floats> float_sharpening();

}  // namespace polyloop::frames::detail
