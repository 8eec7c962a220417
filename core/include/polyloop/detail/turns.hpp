#pragma once

#include <atomic>

#include "polyloop/index.hpp"

namespace polyloop::detail {

/// Waits until `number` is `wanted` or its complement: for something that another
/// thread is about to do. Looks at it for a while, then lets other threads have the CPU.
void await_turn(const std::atomic<index_t>& number, index_t wanted) noexcept;

}  // namespace polyloop::detail
