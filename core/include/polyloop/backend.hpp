#pragma once

#include <atomic>
#include <chrono>
#include <limits>
#include <span>
#include <string_view>

#include "polyloop/function_ref.hpp"
#include "polyloop/index.hpp"
#include "polyloop/schedule.hpp"

/// The machine in one picture:
///
///   body(i)            what the user writes
///     |                parallel_for (template) inlines it into a chunk function:
///   chunk(first,last)    for (i = first; i < last; ++i) body(i)
///     |                core adds what every backend needs alike: errors, stop, budget, context
///   loop               plain data: a range, a schedule, a number of workers, the chunk function
///     |
///   backend::run       hands chunks to threads: by itself, by OpenMP, by oneTBB
namespace polyloop {

namespace detail {
class crew;
}

/// A loop as a backend sees it: no body, only chunks.
struct loop {
  index_t begin = 0;
  index_t end = 0;
  /// `automatic` leaves the cutting to the backend; its grain(), where it is
  /// not 0, is then the smallest chunk that is worth handing out.
  polyloop::schedule schedule;
  /// The most threads that may run chunks of this loop at the same time, the
  /// calling thread among them. At least 1.
  int workers = 1;
  /// Runs iterations [first, last) as worker number `worker`. Never throws.
  function_ref<void(index_t first, index_t last, int worker)> chunk;
  /// About how long one thread needs for all of it; 0 where nothing is known.
  std::chrono::nanoseconds work{0};
  /// Chunks that begin above it need not be run any more: an iteration has failed, or the loop was
  /// stopped. Null: all are wanted. It only ever falls. A chunk that is run in spite of it returns at once.
  const std::atomic<index_t>* last_wanted = nullptr;
};

/// What runs loops. To write one, derive from this class, meet the contract
/// of run() and name the object in a scope: `scoped_context scope{.backend = mine};`.
/// The conformance kit in tests/contract puts a backend through the contract.
class backend {
 public:
  /// A short name, unique in the process ("tbb").
  virtual std::string_view name() const noexcept = 0;

  /// Runs the loop and returns when all of it has run.
  ///
  ///  1. chunk is called so that every index of [begin, end) is covered
  ///     exactly once, but for chunks above last_wanted; the calling thread takes part.
  ///  2. `worker` is in [0, workers), and no two calls that run at the same
  ///     time have the same number.
  ///  3. It may be called from any number of threads at once, and from inside
  ///     a chunk, where it must not deadlock and should use idle workers.
  ///  4. Isolation: a thread that waits in run() for others may meanwhile run
  ///     chunks of this loop and of loops inside it, nothing else. The caller
  ///     may hold locks.
  ///  5. All that a chunk wrote is visible when run() returns.
  virtual void run(const loop& work) = 0;

  /// The most workers it can ever use; a loop for one worker never reaches run().
  virtual int most_workers() const noexcept { return std::numeric_limits<int>::max(); }

  /// How much work, as the time that one thread needs for it, is worth sharing
  /// as things stand now: with workers awake or asleep. Loops of an automatic
  /// schedule that hold less run on the calling thread. `now`: when the loop began.
  virtual std::chrono::nanoseconds least_work(std::chrono::steady_clock::time_point /*now*/) noexcept {
    return std::chrono::microseconds(4);
  }

  /// Told that the calling thread ran so many loops of so much work each alone.
  virtual void worked_alone(std::chrono::nanoseconds /*work*/, int /*times*/) noexcept {}

  /// Whether it takes its helpers from the process's budget itself. For the
  /// others core does so before run(), and `workers` is what was to be had.
  virtual bool keeps_budget() const noexcept { return false; }

  /// For core: where helpers for tasks come from; crew_backend has such a place. On others tasks are run by
  /// loops of run().
  virtual detail::crew* helpers() noexcept { return nullptr; }

 protected:
  backend() = default;
  backend(const backend&) = default;
  backend& operator=(const backend&) = default;
  ~backend() = default;
};

/// Runs a loop on a backend, and lets ThreadSanitizer know what that orders.
void run_on(backend& engine, const loop& work);

/// The backends compiled into this program, the default one first.
std::span<backend* const> compiled_backends() noexcept;

/// The backend of that name. Throws unknown_backend, whose text lists the
/// ones that are there.
backend& find_backend(std::string_view name);

}  // namespace polyloop
