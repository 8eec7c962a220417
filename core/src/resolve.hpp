#pragma once

#include <chrono>

#include "polyloop/context.hpp"

namespace polyloop::detail {

/// The number of threads that may work under this context, whatever the backend.
int allowed_workers(const context& under);

/// The number of workers that a loop under this context may have.
int resolve_workers(const context& under);

/// How long helpers stay awake after a loop under this context.
std::chrono::nanoseconds resolve_spin(const context& under);

}  // namespace polyloop::detail
