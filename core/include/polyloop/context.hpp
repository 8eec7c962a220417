#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "polyloop/backend.hpp"

namespace polyloop {

class tuning;

/// Names a backend: by its name, or by the object itself.
class backend_ref {
 public:
  backend_ref() = default;                             ///< the backend of the scope around
  backend_ref(backend& chosen) : backend_(&chosen) {}  // NOLINT(google-explicit-constructor)
  backend_ref(std::string_view name)
      : backend_(&find_backend(name)) {}  // NOLINT(google-explicit-constructor)
  backend_ref(const std::string& name)
      : backend_ref(std::string_view(name)) {}  // NOLINT(google-explicit-constructor)
  backend_ref(const char* name)
      : backend_ref(std::string_view(name)) {}  // NOLINT(google-explicit-constructor)

  backend* get() const noexcept { return backend_; }

 private:
  backend* backend_ = nullptr;
};

namespace detail {

/// A scope with a tuning, and the next such scope around it.
struct tuning_scope {
  const tuning* loops;
  const tuning_scope* around;
};

/// What a thread's loops run under. A thread points to one; scopes and chunks
/// put another in its place and restore it.
struct context {
  backend* engine = nullptr;                          // never null once resolved
  int workers = 0;                                    // limit of the scopes around; 0: the process's
  bool oversubscribe = false;                         // the limit may exceed the process's
  std::optional<std::chrono::nanoseconds> spin = {};  // how long idle workers stay awake
  const backend* running = nullptr;                   // whose chunk this thread is in, if any
  bool counted = false;                               // this thread already holds a unit of the budget
  const tuning_scope* tuned = nullptr;                // how labelled loops are to run, if a scope says so
};

inline thread_local constinit const context* current_context = nullptr;

/// The context of this thread; the build's default outside every scope.
const context& this_context() noexcept;

/// Makes a context current for its own lifetime.
class context_switch {
 public:
  explicit context_switch(const context& next) noexcept : before_(current_context) {
    current_context = &next;
  }
  context_switch(const context_switch&) = delete;
  context_switch& operator=(const context_switch&) = delete;
  ~context_switch() { current_context = before_; }

 private:
  const context* before_;
};

/// The state of a scoped_context.
class scope_frame {
 public:
  scope_frame(backend_ref chosen, std::optional<int> workers, bool oversubscribe,
              std::optional<std::chrono::nanoseconds> spin, const tuning* loops);
  scope_frame(const scope_frame&) = delete;
  scope_frame& operator=(const scope_frame&) = delete;
  ~scope_frame();

 private:
  context context_;
  tuning_scope tuned_;
  context_switch switch_;
};

}  // namespace detail

/// Chooses backend and workers for the loops of this thread, and of the
/// workers that run their chunks, until the end of the block:
///
///     polyloop::scoped_context scope{.backend = "openmp", .workers = 4};
///
/// Scopes nest; what an inner one leaves out, it takes from the one around.
/// An inner scope can lower the number of workers, not raise it, unless it
/// asks to oversubscribe. Not to be moved or copied; ends on the thread that
/// began it. Throws unknown_backend, or invalid_argument for workers < 1 and spin < 0.
struct [[nodiscard]] scoped_context {
  backend_ref backend = {};
  std::optional<int> workers = {};
  /// Lets `workers` exceed the process's budget: for bodies that wait rather
  /// than compute, and for tests.
  bool oversubscribe = false;
  /// How long workers stay awake after a loop of this scope, in case another
  /// comes: 0 to let them sleep at once. What it costs: docs/warm-workers.md.
  std::optional<std::chrono::nanoseconds> spin = {};
  /// How labelled loops of this scope are to run (tuning.hpp); must outlive the
  /// scope. Labels that it leaves out are looked up in the scopes around.
  const polyloop::tuning* tuning = nullptr;
  detail::scope_frame frame_ = {backend, workers, oversubscribe, spin, tuning};
};

/// What a loop started here and now would run on, and why.
struct explanation {
  std::string backend;     ///< name of the backend
  int workers = 1;         ///< most threads that would run chunks
  std::string limited_by;  ///< which limit set `workers`, such as "affinity" or "scope"
  /// Automatic loops that hold less work than this run on the calling thread, as
  /// things stand now: less while workers are awake, more while they sleep.
  std::chrono::nanoseconds least_work{0};
  std::chrono::nanoseconds spin{0};  ///< how long workers stay awake after a loop
  std::string text;                  ///< all of it in words, each limit with its value
};

/// Tells backend and workers of the calling thread's loops, and which limit
/// set the number of workers. Thread-safe.
explanation explain();

}  // namespace polyloop
