#include "limits.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <thread>

#ifdef __linux__
#include <sched.h>
#endif

#include "polyloop/error.hpp"

namespace polyloop::detail {

namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::optional<long long> number(std::string_view text) {
  long long value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

constexpr const char* quota_limit_name = "container quota";

struct unit {
  std::string_view name;
  long long nanoseconds;
};
constexpr unit units[] = {{"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}};

// A number with a unit, or 0 without; at most a minute.
std::chrono::nanoseconds time_in(const char* variable, std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto value = number(text.substr(0, digits));
  const std::string_view name = text.substr(digits);
  if (value && *value == 0 && name.empty()) return {};
  for (const unit& each : units)
    if (value && name == each.name && *value <= 60'000'000'000 / each.nanoseconds)
      return std::chrono::nanoseconds(*value * each.nanoseconds);
  throw invalid_argument(variable, text, "a time of up to a minute, such as 50us or 2ms, or 0");
}

struct bandwidth {
  long long quota;
  long long period;
  bool below(const bandwidth& other) const { return quota * other.period < other.quota * period; }
};

std::optional<bandwidth> make_bandwidth(std::string_view quota, std::string_view period) {
  const auto q = number(quota);
  const auto p = number(period);
  if (!q || !p || *q <= 0 || *p <= 0) return std::nullopt;
  return bandwidth{*q, *p};
}

// Version 2: "150000 100000" or "max 100000" in cpu.max.
std::optional<bandwidth> read_v2(const std::string& folder) {
  const std::string line = first_line(folder + "/cpu.max");
  const auto blank = line.find(' ');
  if (blank == std::string::npos) return std::nullopt;
  return make_bandwidth(std::string_view(line).substr(0, blank), std::string_view(line).substr(blank + 1));
}

// Version 1: -1 in cpu.cfs_quota_us means none.
std::optional<bandwidth> read_v1(const std::string& folder) {
  return make_bandwidth(first_line(folder + "/cpu.cfs_quota_us"), first_line(folder + "/cpu.cfs_period_us"));
}

// The tightest quota from the group at mount + path up to the mount itself.
// Inside a container the path may not exist below the mount: its parents do.
template <class Read>
std::optional<bandwidth> tightest(const std::string& mount, std::string path, const Read& read) {
  std::optional<bandwidth> least;
  while (true) {
    const auto found = read(mount + path);
    if (found && (!least || found->below(*least))) least = found;
    if (path.empty() || path == "/") return least;
    const auto slash = path.find_last_of('/');
    path.resize(slash == std::string::npos ? 0 : slash);
  }
}

bool names_controller(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == wanted) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

// Lines of /proc/self/cgroup read "hierarchy:controllers:path".
std::optional<bandwidth> quota_of_line(const std::string& line, const limit_sources& sources) {
  const auto one = line.find(':');
  const auto two = line.find(':', one + 1);
  if (one == std::string::npos || two == std::string::npos) return std::nullopt;
  const std::string controllers = line.substr(one + 1, two - one - 1);
  const std::string path = line.substr(two + 1);
  if (controllers.empty()) return tightest(sources.cgroup_mount, path, read_v2);
  if (!names_controller(controllers, "cpu")) return std::nullopt;
  auto found = tightest(sources.cgroup_mount + "/cpu", path, read_v1);
  if (!found) found = tightest(sources.cgroup_mount + "/" + controllers, path, read_v1);
  return found;
}

}  // namespace

limit quota_limit(const limit_sources& sources) {
  std::ifstream groups(sources.cgroup_of_process);
  std::optional<bandwidth> least;
  for (std::string line; std::getline(groups, line);) {
    const auto found = quota_of_line(line, sources);
    if (found && (!least || found->below(*least))) least = found;
  }
  if (!least) return {quota_limit_name, std::nullopt, "none"};
  const auto workers = static_cast<int>((least->quota + least->period - 1) / least->period);
  return {quota_limit_name, workers,
          std::to_string(least->quota) + " us in " + std::to_string(least->period) + " us"};
}

limit affinity_limit() {
#ifdef __linux__
  // The mask may be wider than cpu_set_t on very large machines: ask with growing sets.
  for (int cpus = 1024; cpus <= 1 << 20; cpus *= 4) {
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(cpus));
    const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(cpus));
    const bool known = sched_getaffinity(0, size, set) == 0;
    const int count = known ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (count > 0) return {"affinity", count, std::to_string(count) + " CPUs"};
  }
#endif
  const int cpus = static_cast<int>(std::thread::hardware_concurrency());
  if (cpus < 1) return {"affinity", 1, "unknown"};
  return {"affinity", cpus, std::to_string(cpus) + " CPUs"};
}

limit environment_limit(const char* variable, bool strict) {
  const char* text = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): read once, at the first loop
  if (text == nullptr || *text == '\0') return {variable, std::nullopt, "not set"};
  const std::string_view first = std::string_view(text).substr(0, std::string_view(text).find(','));
  const auto value = number(first);
  if (value && *value >= 1 && *value <= 1'000'000) return {variable, static_cast<int>(*value), text};
  if (strict) throw invalid_argument(variable, text, "a positive number of workers");
  return {variable, std::nullopt, std::string(text) + " (not a number: ignored)"};
}

std::chrono::nanoseconds process_spin(const std::vector<limit>& limits) {
  using namespace std::chrono_literals;
  const char* text =
      std::getenv("POLYLOOP_SPIN");  // NOLINT(concurrency-mt-unsafe): read once, at the first loop
  if (text != nullptr && *text != '\0') return time_in("POLYLOOP_SPIN", text);
  const bool quota = std::any_of(limits.begin(), limits.end(), [](const limit& each) {
    return each.name == quota_limit_name && each.workers;
  });
  return quota ? std::chrono::nanoseconds(50us) : 12ms;
}

std::vector<limit> process_limits() {
  return {affinity_limit(), quota_limit(), environment_limit("POLYLOOP_NUM_THREADS", true),
          environment_limit("OMP_NUM_THREADS", false)};
}

}  // namespace polyloop::detail
