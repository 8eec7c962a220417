#pragma once

#include <atomic>
#include <type_traits>

#include "polyloop/detail/site.hpp"
#include "polyloop/loop_options.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#define POLYLOOP_ONE_COPY __attribute__((noinline, noclone))
#elif defined(__clang__)
#define POLYLOOP_ONE_COPY __attribute__((noinline))
#elif defined(_MSC_VER)
#define POLYLOOP_ONE_COPY __declspec(noinline)
#else
#define POLYLOOP_ONE_COPY
#endif

namespace polyloop::detail {

/// Runs iterations [first, last) of a loop whose body stands behind `span`. If
/// it throws, `reached` is the iteration that did.
using chunk_function = void (*)(const void* span, index_t first, index_t last, index_t& reached);

/// A loop on its way from a template to a backend.
struct loop_call {
  index_t count;
  const void* span;
  chunk_function chunk;
  site& here;
  /// Elements in an iteration, for the estimate of its cost: the blocks of a
  /// reduction have more of them where there is more to reduce.
  index_t elements_per_iteration = 1;
};

/// Runs the loop on the backend of this thread's scope. Throws what the
/// serial loop would have thrown.
loop_result run(const loop_call& call, const loop_options& options);

/// The chunk function of a span: a callable (first, last, reached). There is
/// one copy of its machine code, whoever calls it: that, and not luck, is why
/// a loop has the same bits inline, on one worker and on many.
template <class Span>
POLYLOOP_ONE_COPY void run_span(const void* span, index_t first, index_t last, index_t& reached) {
  (*static_cast<const Span*>(span))(first, last, reached);
}

template <class Span>
loop_result run_here(index_t count, const Span& span) {
  index_t reached;  // not read: nothing is caught here
  run_span<Span>(&span, 0, count, reached);
  return {loop_result::status::finished, false, count};
}

template <class Span>
loop_result launch(index_t count, const Span& span) {
  if (site_of<Span>.small(count)) [[likely]]
    return run_here(count, span);
  return run({count, &span, &run_span<Span>, site_of<Span>}, {});
}

/// How many watch the loops of the process: observers, and a recording.
extern std::atomic<int> loop_watchers;

/// How many tunings say how loops with a label are to run: those of scopes, and what the process has loaded.
extern std::atomic<int> loop_tunings;

/// Whether nothing that is asked for concerns a loop that is known to be small. A
/// loop with options is seen by whoever watches from the first moment on, and a
/// loop with a label runs as its tuning says.
inline bool leaves_small_loops_alone(const loop_options& options) {
  const bool asks = options.schedule.how() != schedule::kind::automatic || options.workers ||
                    options.deadline || options.stop.stop_possible() || options.errors.get() != nullptr ||
                    options.progress != nullptr;
  const bool tuned = !options.label.empty() && loop_tunings.load(std::memory_order_relaxed) > 0;
  return !asks && !tuned && loop_watchers.load(std::memory_order_relaxed) == 0;
}

template <class Span>
loop_result launch(index_t count, const Span& span, const loop_options& options,
                   index_t elements_per_iteration = 1) {
  if (count > 0 && leaves_small_loops_alone(options) && site_of<Span>.small(count * elements_per_iteration))
    return run_here(count, span);
  return run({count, &span, &run_span<Span>, site_of<Span>, elements_per_iteration}, options);
}

/// Calls run(handler, rest), a loop whose single elements are tried by the handler and
/// whose own options say nothing of errors any more; then throws what was collected.
template <class Run>
auto with_policy(const error_policy& policy, const loop_options& options, index_t elements, const Run& run) {
  error_handler handler(policy, options.stop, options.deadline);
  loop_options rest = options;
  rest.errors = {};
  auto result = run(handler, rest);
  handler.finish(elements);
  return result;
}

/// Where the caller left the schedule open: iterations that differ too much for anything to be
/// concluded from how long the last ones took are handed out one at a time.
inline loop_options one_at_a_time(loop_options options) {
  if (options.schedule.how() == schedule::kind::automatic) options.schedule = schedule::dynamic(1);
  return options;
}

/// A body held by value where a copy cannot be told from the original, so that
/// the optimiser knows that nothing else writes to what it captured.
template <class Body>
using held = std::conditional_t<std::is_trivially_copyable_v<Body> && std::is_copy_constructible_v<Body> &&
                                    sizeof(Body) <= 256,
                                const Body, const Body&>;

}  // namespace polyloop::detail
