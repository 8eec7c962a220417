#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string_view>

#include "polyloop/error_policy.hpp"
#include "polyloop/index.hpp"
#include "polyloop/progress.hpp"

namespace polyloop {

/// What a caller may ask of a pipeline or an ordered_map; all of it optional:
///
///     parallel_pipeline({.window = 8, .stop = token}, source, stage::parallel(f), stage::in_order(g));
struct stream_options {
  /// Items that are between the source and the end at the same time, at most; 0: four for
  /// each worker. What bounds the memory, and how far the source is read ahead.
  index_t window = 0;
  /// Name for profiles and messages; must outlive the stream.
  std::string_view label = {};
  /// At most so many workers; at least 1.
  std::optional<int> workers = {};
  /// Once a stop is requested no more items are taken from the source; those in
  /// flight go their way to the end, so that what came out is a beginning of the whole.
  std::stop_token stop = {};
  /// The same, when this time has come.
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
  /// What happens where a stage throws. `index` is the item's place in the source.
  /// An item that failed for good, and is collected, takes no part in the stages behind.
  error_policy_ref errors = {};
  /// Told of each item that came to the end. Must outlive the stream.
  progress_counter* progress = nullptr;
};

namespace detail {
/// How many items a stream of these options may have in flight. Throws invalid_argument for a negative window.
std::size_t window_of(const stream_options& options);
}  // namespace detail

}  // namespace polyloop
