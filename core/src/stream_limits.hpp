#pragma once

#include <algorithm>
#include <memory>

#include "polyloop/context.hpp"
#include "polyloop/stream_options.hpp"
#include "resolve.hpp"

namespace polyloop::detail {

/// The number of workers that a stream may have.
inline int workers_of(const stream_options& options) {
  if (options.workers && *options.workers < 1) throw_invalid("workers", *options.workers, "at least 1");
  const int most = resolve_workers(this_context());
  return options.workers ? std::min(most, *options.workers) : most;
}

/// Null where the options say nothing of errors.
inline std::unique_ptr<error_handler> handler_of(const stream_options& options) {
  const error_policy* const policy = options.errors.get();
  return policy == nullptr ? nullptr : std::make_unique<error_handler>(*policy, options.stop, options.deadline);
}

}  // namespace polyloop::detail
