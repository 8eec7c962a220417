#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

namespace polyloop::detail {

/// Whether what has this token and this deadline is to end now.
inline bool asked_to_stop(const std::stop_token& stop,
                          const std::optional<std::chrono::steady_clock::time_point>& deadline) {
  return stop.stop_requested() || (deadline && std::chrono::steady_clock::now() >= *deadline);
}

}  // namespace polyloop::detail
