#pragma once

#include <optional>
#include <stop_token>

namespace polyloop {

/// For programs: a token that is stopped when the user interrupts the program (SIGINT, as by Ctrl-C) or the
/// system ends it (SIGTERM):
///
///     const std::stop_token stop = stop_on_signals();
///     const loop_result result = parallel_for(n, body, {.stop = stop});
///     if (const auto signal = stop_signal()) return 128 + *signal;
///
/// The loops end where they do by any stop, and the program tidies up. A second signal ends it at once, as if
/// nobody had asked for the first. From the first call on, until the process ends; further calls give
/// the same token. A child of fork() ends by its first signal, unless it calls this itself before.
///
/// Callbacks of the token run on a thread of their own, not in the signal's handler, so they may do
/// anything. Thread-safe. Throws std::system_error where the system refuses.
std::stop_token stop_on_signals();

/// The signal that stopped it; nothing as long as none has come.
std::optional<int> stop_signal() noexcept;

}  // namespace polyloop
