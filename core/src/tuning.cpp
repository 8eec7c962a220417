#include "polyloop/tuning.hpp"

#include <atomic>
#include <cstdlib>
#include <list>
#include <mutex>
#include <utility>

#include "hot_path.hpp"
#include "polyloop/context.hpp"
#include "polyloop/detail/launch.hpp"
#include "tuned.hpp"

namespace polyloop {

namespace {

/// What holds for all loops of the process. A table that loops may be reading
/// is never changed or given up: a new one takes its place.
class process_tuning {
 public:
  /// Reads the file that the environment names at the first call, and throws
  /// at each call until that succeeds.
  static process_tuning& only() {
    // Never destroyed: static objects may loop in their destructors.
    static process_tuning& one = *new process_tuning;
    return one;
  }

  const tuning& current() const noexcept { return *current_.load(std::memory_order_acquire); }

  void add(const tuning& later) {
    const std::lock_guard hold(lock_);
    tuning next = current();
    next.add(later);
    current_.store(&tables_.emplace_back(std::move(next)), std::memory_order_release);
    detail::loop_tunings.fetch_add(1, std::memory_order_relaxed);
  }

 private:
  process_tuning() {
    const char* file =
        std::getenv("POLYLOOP_TUNING");  // NOLINT(concurrency-mt-unsafe): read once, at the first loop
    if (file == nullptr || *file == '\0') return;
    tables_.front() = read_tuning(file);
    detail::loop_tunings.fetch_add(1, std::memory_order_relaxed);
  }

  std::mutex lock_;
  std::list<tuning> tables_ = std::list<tuning>(1);
  std::atomic<const tuning*> current_{&tables_.front()};
};

}  // namespace

void tuning::set(std::string label, loop_tuning how) {
  if (label.empty() || label.find('\n') != std::string::npos)
    throw invalid_argument("label", '"' + label + '"', "one line of text that is not empty");
  if (how.workers && *how.workers < 1) detail::throw_invalid("workers", *how.workers, "at least 1");
  loops_.insert_or_assign(std::move(label), std::move(how));
}

void tuning::add(const tuning& later) {
  for (const auto& [label, how] : later) loops_.insert_or_assign(label, how);
}

const loop_tuning* tuning::find(std::string_view label) const noexcept {
  const auto found = loops_.find(label);
  return found == loops_.end() ? nullptr : &found->second;
}

void load_tuning(const std::string& file) {
  process_tuning::only().add(read_tuning(file));
}

namespace detail {

POLYLOOP_HOT_PATH const loop_tuning* find_tuned(std::string_view label) {
  for (const tuning_scope* scope = this_context().tuned; scope != nullptr; scope = scope->around)
    if (const loop_tuning* found = scope->loops->find(label)) return found;
  return process_tuning::only().current().find(label);
}

loop_options tuned_options(const loop_options& asked, const loop_tuning& found) {
  loop_options tuned = asked;
  if (!tuned.workers) tuned.workers = found.workers;
  if (tuned.schedule == schedule::automatic) tuned.schedule = found.schedule;
  return tuned;
}

}  // namespace detail

}  // namespace polyloop
