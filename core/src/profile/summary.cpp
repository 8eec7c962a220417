#include "profile/summary.hpp"

#include <algorithm>

#include "polyloop/detail/site.hpp"
#include "profile/profiler.hpp"
#include "time.hpp"

namespace polyloop::detail {

namespace {

using profile::loop_summary;

// Its idle time is, until add_call() adds that of the loop, what it was busy less.
void add_worker(loop_summary& to, std::size_t worker, const worker_share& of) {
  if (to.workers.size() <= worker) to.workers.resize(worker + 1);
  to.workers[worker].busy += of.busy;
  to.workers[worker].idle -= of.busy;
  to.chunks += of.chunks;
  to.stolen += of.stolen;
  to.iterations += of.iterations;
  add(to.counts, of.counts);
  add(to.front_alone, of.front_alone);
  add(to.front_together, of.front_together);
}

profile::work_sample work_of(std::span<const worker_share> workers) {
  profile::work_sample all;
  for (const worker_share& each : workers) add(all, {each.busy, each.iterations});
  return all;
}

void add_shared(loop_summary& to, const profile::loop_event& call, std::span<const worker_share> workers) {
  const profile::work_sample all = work_of(workers);
  std::chrono::nanoseconds busiest{0};
  for (const worker_share& each : workers) busiest = std::max(busiest, each.busy);
  ++to.shared;
  to.grain = call.grain;
  to.busiest += busiest;
  to.level += all.time / static_cast<std::int64_t>(workers.size());
  to.join += call.join;
  to.start_up += call.start_up;
  to.helped += call.start_up.count() > 0;
  add(to.together, all);
}

}  // namespace

void add_call(loop_summary& to, const profile::loop_event& call, const worker_share& alone,
              std::span<const worker_share> shares) {
  const auto wall = call.end - call.begin;
  ++to.calls;
  to.failed += call.failed;
  to.wall += wall;
  to.schedule = call.schedule;
  add_worker(to, 0, alone);
  for (std::size_t w = 0; w < shares.size(); ++w) add_worker(to, w, shares[w]);
  for (std::size_t w = 0; w < std::max<std::size_t>(shares.size(), 1); ++w) to.workers[w].idle += wall;
  if (call.shared)
    add_shared(to, call, shares);
  else
    add(to.alone, {alone.busy, alone.iterations});
}

void merge(loop_summary& to, const loop_summary& more) {
  to.calls += more.calls;
  to.shared += more.shared;
  to.failed += more.failed;
  to.iterations += more.iterations;
  to.wall += more.wall;
  if (to.workers.size() < more.workers.size()) to.workers.resize(more.workers.size());
  for (std::size_t w = 0; w < more.workers.size(); ++w) {
    to.workers[w].busy += more.workers[w].busy;
    to.workers[w].idle += more.workers[w].idle;
  }
  to.chunks += more.chunks;
  to.stolen += more.stolen;
  to.schedule = more.schedule;
  to.grain = std::max(to.grain, more.grain);
  to.helped += more.helped;
  to.start_up += more.start_up;
  to.join += more.join;
  to.busiest += more.busiest;
  to.level += more.level;
  add(to.counts, more.counts);
  add(to.alone, more.alone);
  add(to.together, more.together);
  add(to.front_alone, more.front_alone);
  add(to.front_together, more.front_together);
}

namespace {

bool counts_hardware(const thread_log& log) {
  for (const auto& [name, row] : log.rows)
    if (row.sums.counts.cycles > 0) return true;
  return false;
}

struct merged_rows {
  std::unordered_map<name_id, loop_summary> rows;
  profile::table whole;

  void take_in(thread_log& log, unsigned session) {
    const std::lock_guard hold(log.lock);
    if (log.session.load(std::memory_order_relaxed) != session) return;
    for (const auto& [name, row] : log.rows)
      if (row.sums.calls > 0) merge(rows[row.id], row.sums);
    whole.hardware_counters = whole.hardware_counters || counts_hardware(log);
    log.records.for_each([this](const record&) { ++whole.trace_events; });
    whole.dropped_events += log.records.dropped();
  }
};

}  // namespace

}  // namespace polyloop::detail

namespace polyloop::profile {

table snapshot() {
  detail::profiler& from = detail::profiler::of_process();
  detail::merged_rows merged;
  merged.whole.elapsed = detail::clock::now() - from.started();
  from.for_each_log([&](detail::thread_log& log) { merged.take_in(log, from.session()); });
  for (auto& [id, row] : merged.rows) {
    const detail::name its = from.names.at(id);
    row.label = its.label;
    if (its.here != nullptr) row.site = call_site(*its.here).name();
    merged.whole.loops.push_back(std::move(row));
  }
  std::ranges::sort(merged.whole.loops, std::greater(), &loop_summary::wall);
  return std::move(merged.whole);
}

double loop_summary::imbalance() const noexcept {
  return level.count() > 0 ? static_cast<double>(busiest.count()) / static_cast<double>(level.count()) : 1.0;
}

double loop_summary::efficiency() const noexcept {
  worker_times all;
  for (const worker_times& each : workers) {
    all.busy += each.busy;
    all.idle += each.idle;
  }
  const auto whole = all.busy + all.idle;
  return whole.count() > 0 ? static_cast<double>(all.busy.count()) / static_cast<double>(whole.count()) : 1.0;
}

}  // namespace polyloop::profile
