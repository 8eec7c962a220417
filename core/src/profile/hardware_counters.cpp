#include "profile/hardware_counters.hpp"

#ifdef __linux__
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace polyloop::detail {

#ifdef __linux__

namespace {

// Of the calling thread, on whichever CPU it runs, outside the kernel: that is
// what an ordinary user may count.
int open_counter(std::uint64_t what, int leader) noexcept {
  perf_event_attr wanted{};
  wanted.size = sizeof(wanted);
  wanted.type = PERF_TYPE_HARDWARE;
  wanted.config = what;
  wanted.exclude_kernel = 1;
  wanted.exclude_hv = 1;
  wanted.read_format = PERF_FORMAT_GROUP;
  return static_cast<int>(syscall(SYS_perf_event_open, &wanted, 0, -1, leader, PERF_FLAG_FD_CLOEXEC));
}

void close_counter(int& counter) noexcept {
  if (counter >= 0) ::close(counter);
  counter = -1;
}

}  // namespace

void hardware_counters::open() noexcept {
  if (is_open()) return;
  leader_ = open_counter(PERF_COUNT_HW_CPU_CYCLES, -1);
  others_[0] = open_counter(PERF_COUNT_HW_INSTRUCTIONS, leader_);
  others_[1] = open_counter(PERF_COUNT_HW_CACHE_MISSES, leader_);
  if (leader_ < 0 || others_[0] < 0 || others_[1] < 0) close();
}

void hardware_counters::close() noexcept {
  for (int& each : others_) close_counter(each);
  close_counter(leader_);
}

profile::hardware_counts hardware_counters::read() const noexcept {
  struct {
    std::uint64_t number;
    std::uint64_t values[3];
  } group{};
  if (!is_open() || ::read(leader_, &group, sizeof(group)) != sizeof(group)) return {};
  return {group.values[0], group.values[1], group.values[2]};
}

#else

void hardware_counters::open() noexcept {}
void hardware_counters::close() noexcept {}
profile::hardware_counts hardware_counters::read() const noexcept {
  return {};
}

#endif

}  // namespace polyloop::detail
