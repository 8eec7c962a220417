#include "polyloop/progress.hpp"

#include <algorithm>
#include <utility>

#include "polyloop/error.hpp"

namespace polyloop {

namespace {

index_t checked_total(index_t total) {
  if (total < 0) detail::throw_invalid("total", total, "0 or more");
  return total;
}

std::chrono::nanoseconds checked_interval(std::chrono::nanoseconds interval) {
  if (interval.count() < 0)
    detail::throw_invalid("interval in ns", static_cast<index_t>(interval.count()), "0 or more");
  return std::min(interval, std::chrono::nanoseconds(std::chrono::hours(24)));  // no sum overflows
}

}  // namespace

progress_counter::progress_counter(index_t total, show_function show, std::chrono::nanoseconds interval)
    : total_(checked_total(total)),
      show_(std::move(show)),
      interval_(checked_interval(interval)),
      next_(start_ + interval_) {}

void progress_counter::add(index_t more, std::chrono::steady_clock::time_point now) {
  const index_t before = done_.fetch_add(more, std::memory_order_relaxed);
  if (!show_) return;
  if (total_ > 0 && before < total_ && before + more >= total_)
    show_last(total_);
  else if (now >= next_.load(std::memory_order_relaxed))
    show_some(now);
}

void progress_counter::show_some(std::chrono::steady_clock::time_point now) {
  const std::unique_lock hold(showing_, std::try_to_lock);
  if (!hold || finished_ || now < next_.load(std::memory_order_relaxed)) return;
  const index_t so_far = done();
  if (total_ > 0 && so_far >= total_) return;  // whoever did the last of it tells that
  next_.store(now + interval_, std::memory_order_relaxed);
  show_(report_of(so_far, now));
}

void progress_counter::show_last(index_t total) {
  const std::lock_guard hold(showing_);
  if (std::exchange(finished_, true)) return;
  progress_report last = report_of(total, std::chrono::steady_clock::now());
  last.total = total;
  last.finished = true;
  show_(last);
}

void progress_counter::finish() {
  if (total_ == 0 && show_) show_last(done());
}

progress_report progress_counter::report_of(index_t done, std::chrono::steady_clock::time_point now) const {
  progress_report report{.done = done, .total = total_, .elapsed = now - start_};
  if (total_ > 0 && done > 0) {
    const double left = static_cast<double>(total_ - done) / static_cast<double>(done);
    report.remaining = std::chrono::duration_cast<std::chrono::nanoseconds>(report.elapsed * left);
  }
  return report;
}

}  // namespace polyloop
