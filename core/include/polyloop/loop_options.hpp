#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string_view>

#include "polyloop/error_policy.hpp"
#include "polyloop/index.hpp"
#include "polyloop/progress.hpp"
#include "polyloop/schedule.hpp"

namespace polyloop {

/// What a caller may ask of a loop; all of it optional:
///
///     parallel_for(n, body, {.label = "rows", .schedule = schedule::dynamic(16), .stop = token});
struct loop_options {
  /// Name for profiles and messages; must outlive the loop.
  std::string_view label = {};
  polyloop::schedule schedule = polyloop::schedule::automatic;
  /// At most so many workers for this loop; at least 1.
  std::optional<int> workers = {};
  /// Once a stop is requested no further iterations are begun, but for the
  /// few that a worker runs between two looks (about 20 us of work).
  std::stop_token stop = {};
  /// The same, when this time has come.
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
  /// What happens where iterations throw: error_policy.hpp.
  error_policy_ref errors = {};
  /// Told of the iterations as they are done: progress.hpp. Must outlive the loop.
  progress_counter* progress = nullptr;
};

/// How a loop ended.
struct loop_result {
  enum class status : unsigned char { finished, stopped };

  status outcome = status::finished;
  /// Whether other workers were invited; false for a loop that held too little
  /// for that and ran on the calling thread.
  bool shared = false;
  /// How many iterations have run: all of them, unless it was stopped.
  index_t iterations = 0;

  constexpr bool finished() const noexcept { return outcome == status::finished; }
};

}  // namespace polyloop
