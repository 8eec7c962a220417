#include "suite/timeline.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>

#include "polyloop/profile.hpp"
#include "suite/result.hpp"

namespace polyloop::bench {

namespace {

using microseconds = std::chrono::duration<double, std::micro>;

/// Takes down chunks from several threads at once; each in a place of its own.
class chunk_recorder final : public profile::observer {
 public:
  explicit chunk_recorder(std::size_t most) : spans_(most) {}

  void chunk_ended(const profile::chunk_event& chunk) noexcept override {
    if (chunk.of.inside != 0) return;
    const std::size_t place = seen_.fetch_add(1, std::memory_order_relaxed);
    if (place >= spans_.size()) return;
    const auto at = [](profile::time_point time) { return microseconds(time.time_since_epoch()).count(); };
    spans_[place] = {chunk.worker, at(chunk.begin), at(chunk.end), chunk.first, chunk.last};
  }

  /// The chunks by their begin, from 0; none if there were too many.
  std::vector<timeline_span> spans() {
    if (seen_ > spans_.size()) return {};
    spans_.resize(seen_);
    std::ranges::sort(spans_, {}, &timeline_span::begin_us);
    const double begin = spans_.empty() ? 0 : spans_.front().begin_us;
    for (timeline_span& each : spans_) each.begin_us -= begin, each.end_us -= begin;
    return std::move(spans_);
  }

 private:
  std::vector<timeline_span> spans_;
  std::atomic<std::size_t> seen_{0};
};

}  // namespace

timeline record_timeline(const instance& which, const variant& how, std::size_t most) {
  const subject watched = subject_of(which, how);
  warm_up(watched);
  chunk_recorder recorder(most);
  {
    const profile::scoped_observer attached(recorder);
    watched.run(1);
  }
  return {which.name, which.size, how, recorder.spans()};
}

void to_json(nlohmann::ordered_json& to, const timeline& from) {
  nlohmann::ordered_json spans = nlohmann::ordered_json::array();
  for (const auto& [worker, begin, end, first, last] : from.spans)
    spans.push_back(
        {{"worker", worker}, {"begin_us", begin}, {"end_us", end}, {"first", first}, {"last", last}});
  to = {{"kernel", from.kernel},
        {"size", from.size},
        {"backend", from.how.backend},
        {"schedule", schedule_name(from.how.schedule)},
        {"grain", from.how.schedule.grain()},
        {"workers", from.how.workers},
        {"spans", spans}};
}

}  // namespace polyloop::bench
