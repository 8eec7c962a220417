#include "polyloop/profile.hpp"
#include "profile/profiler.hpp"
#include "time.hpp"

namespace polyloop::profile {

namespace {
detail::profiler& here() {
  return detail::profiler::of_process();
}
bool is_anybody_watching() {
  return detail::loop_watchers.load(std::memory_order_relaxed) != 0;
}
}  // namespace

void start(const settings& how) {
  here().start(how);
}
void stop() noexcept {
  here().stop();
}
bool is_on() noexcept {
  return is_anybody_watching() && here().is_on();
}

scoped_span::scoped_span(std::string_view name, std::string_view category) {
  if (!is_on()) return;
  detail::thread_log& mine = detail::thread_log::mine();
  name_ = mine.id_of({name, nullptr});
  category_ = mine.id_of({category, nullptr});
  recording_ = mine.session.load(std::memory_order_relaxed);
  begin_ = detail::clock::now();
}

scoped_span::~scoped_span() {
  if (recording_ == 0) return;
  detail::thread_log& mine = detail::thread_log::mine();
  if (mine.records_for(recording_))
    mine.add(detail::span_record{begin_, detail::clock::now(), name_, category_});
}

void counter(std::string_view name, double value) {
  if (!is_on()) return;
  detail::thread_log& mine = detail::thread_log::mine();
  mine.add(detail::counter_record{detail::clock::now(), value, mine.id_of({name, nullptr})});
}

}  // namespace polyloop::profile
