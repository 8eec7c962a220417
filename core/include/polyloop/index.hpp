#pragma once

#include <cstdint>

namespace polyloop {

/// Counts and positions of iterations, on every platform 64 bits wide and signed.
using index_t = std::int64_t;

}  // namespace polyloop
