#include "polyloop/context.hpp"

#include <algorithm>

#include "budget.hpp"
#include "hot_path.hpp"
#include "polyloop/detail/launch.hpp"
#include "polyloop/error.hpp"
#include "resolve.hpp"
#include "time.hpp"

namespace polyloop {

namespace {

std::string names_of_compiled() {
  std::string names;
  for (const backend* each : compiled_backends())
    names.append(names.empty() ? "" : ", ").append(each->name());
  return names;
}

std::string in_microseconds(std::chrono::nanoseconds time) {
  const auto tenths = time.count() / 100;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " us";
}

detail::context inner_context(const detail::context& around, backend* chosen, std::optional<int> workers,
                              bool oversubscribe, std::optional<std::chrono::nanoseconds> spin) {
  if (workers && *workers < 1) detail::throw_invalid("workers", *workers, "at least 1");
  if (spin && spin->count() < 0) detail::throw_invalid("spin", spin->count(), "no negative time");
  detail::context inner = around;
  if (chosen != nullptr) inner.engine = chosen;
  if (spin) inner.spin = spin;
  inner.oversubscribe = inner.oversubscribe || oversubscribe;
  if (!workers) return inner;
  const bool lower = inner.workers != 0 && inner.workers < *workers;
  inner.workers = lower && !oversubscribe ? inner.workers : *workers;
  return inner;
}

}  // namespace

backend& find_backend(std::string_view name) {
  for (backend* each : compiled_backends())
    if (each->name() == name) return *each;
  throw unknown_backend("backend", '"' + std::string(name) + '"',
                        "one of those compiled in: " + names_of_compiled());
}

namespace detail {

constinit std::atomic<int> loop_tunings{0};

POLYLOOP_HOT_PATH const context& this_context() noexcept {
  static const context outermost{.engine = compiled_backends().front()};
  return current_context != nullptr ? *current_context : outermost;
}

scope_frame::scope_frame(backend_ref chosen, std::optional<int> workers, bool oversubscribe,
                         std::optional<std::chrono::nanoseconds> spin, const tuning* loops)
    : context_(inner_context(this_context(), chosen.get(), workers, oversubscribe, spin)),
      tuned_{loops, context_.tuned},
      switch_(context_) {
  if (loops == nullptr) return;
  context_.tuned = &tuned_;
  loop_tunings.fetch_add(1, std::memory_order_relaxed);
}

scope_frame::~scope_frame() {
  if (tuned_.loops != nullptr) loop_tunings.fetch_sub(1, std::memory_order_relaxed);
}

POLYLOOP_HOT_PATH std::chrono::nanoseconds resolve_spin(const context& under) {
  return under.spin ? *under.spin : budget::of_process().spin();
}

POLYLOOP_HOT_PATH int allowed_workers(const context& under) {
  const int of_process = budget::of_process().limit();
  const int workers = under.workers == 0 ? of_process : under.workers;
  return under.oversubscribe ? workers : std::min(workers, of_process);
}

POLYLOOP_HOT_PATH int resolve_workers(const context& under) {
  return std::min(allowed_workers(under), under.engine->most_workers());
}

}  // namespace detail

explanation explain() {
  const detail::context& here = detail::this_context();
  const detail::budget& process = detail::budget::of_process();
  explanation result{.backend = std::string(here.engine->name()),
                     .workers = detail::resolve_workers(here),
                     .limited_by = process.tightest().name,
                     .least_work = here.engine->least_work(detail::clock::now()),
                     .spin = detail::resolve_spin(here),
                     .text = {}};
  if (here.workers != 0 && (here.oversubscribe || here.workers < process.limit()))
    result.limited_by = "scope";
  if (here.engine->most_workers() == result.workers && result.workers < process.limit())
    result.limited_by = "backend";
  result.text = "backend " + result.backend + ", " + std::to_string(result.workers) + " workers, set by " +
                result.limited_by + " (";
  for (const detail::limit& each : process.limits()) result.text += each.name + ": " + each.value + "; ";
  result.text += "scope: " + (here.workers == 0 ? "not set" : std::to_string(here.workers)) +
                 (here.oversubscribe ? ", may oversubscribe)" : ")");
  if (result.workers > 1)
    result.text += "; loops of less than " + in_microseconds(result.least_work) +
                   " run on the calling thread; workers stay awake for " + in_microseconds(result.spin) +
                   " after a loop";
  return result;
}

}  // namespace polyloop
