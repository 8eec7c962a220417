#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <locale>
#include <system_error>

#include "polyloop/detail/site.hpp"
#include "profile/process.hpp"
#include "profile/profiler.hpp"
#include "time.hpp"

namespace polyloop::detail {

namespace {

struct placed_record {
  int thread;
  record what;
};

profile::time_point begin_of(const record& what) {
  return std::visit([](const auto& each) { return each.begin; }, what);
}

// Counters have no length.
profile::time_point end_of(const record& what) {
  const auto end = [](const auto& each) {
    if constexpr (requires { each.end; })
      return each.end;
    else
      return each.begin;
  };
  return std::visit(end, what);
}

struct track {
  int thread;
  std::string name;
};

/// All that was recorded, in the order in which readers nest it: what begins at
/// the same time as another and lasts longer is around it.
struct recording {
  profile::time_point started;
  std::vector<placed_record> records;
  std::vector<track> tracks;

  explicit recording(profiler& from) : started(from.started()) {
    from.for_each_log([this, &from](thread_log& log) { take_in(log, from.session()); });
    std::stable_sort(records.begin(), records.end(), [](const placed_record& a, const placed_record& b) {
      const auto begins = [](const placed_record& of) { return begin_of(of.what); };
      return begins(a) != begins(b) ? begins(a) < begins(b) : end_of(a.what) > end_of(b.what);
    });
  }

 private:
  static std::string name_of(const thread_log& log) {
    if (log.is_main) return "main thread";
    return log.calls.load(std::memory_order_relaxed) ? "thread" : "worker";
  }
  void take_in(thread_log& log, unsigned session) {
    const std::lock_guard hold(log.lock);
    if (log.session.load(std::memory_order_relaxed) != session) return;
    tracks.push_back({log.number, name_of(log) + ' ' + std::to_string(log.number)});
    log.records.for_each([this, &log](const record& each) { records.push_back({log.number, each}); });
  }
};

std::string json_string(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (result += '\\') += c;
    else if (byte < 0x20)
      ((result += "\\u00") += digits[byte / 16]) += digits[byte % 16];
    else
      result += c;
  }
  return result + '"';
}

// Microseconds, to the nanosecond: the unit of the format.
std::string microseconds(std::chrono::nanoseconds time) {
  const std::string below = std::to_string(time.count() % 1000);
  return std::to_string(time.count() / 1000) + '.' + std::string(3 - below.size(), '0') + below;
}

std::string number(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), std::isfinite(value) ? value : 0.0);
  return {text, end.ptr};
}

const char* yes_or_no(bool value) {
  return value ? "true" : "false";
}

const char* name_of(schedule::kind how) {
  constexpr const char* names[] = {"automatic", "static", "dynamic", "guided"};
  return names[static_cast<int>(how)];
}

/// Writes the events, one a line.
class trace_writer {
 public:
  trace_writer(std::ostream& to, profiler& from)
      : to_(to), from_(from), process_(std::to_string(process_number())), whole_(from) {}

  void write() {
    to_ << "{\"displayTimeUnit\":\"ns\",\n\"traceEvents\":[";
    write_names();
    for (const placed_record& each : whole_.records) {
      thread_ = each.thread;
      std::visit([this](const auto& what) { write(what); }, each.what);
    }
    write_active_workers();
    to_ << "\n],\n\"otherData\":{\"producer\":\"polyloop\",\"droppedEvents\":\"" << dropped() << "\"}}\n";
  }

 private:
  std::uint64_t dropped() {
    std::uint64_t sum = 0;
    from_.for_each_log([&sum](const thread_log& log) { sum += log.records.dropped(); });
    return sum;
  }

  void begin_event(char kind, const std::string& name, const char* category) {
    to_ << (first_ ? "\n" : ",\n") << "{\"ph\":\"" << kind << "\",\"pid\":" << process_
        << ",\"tid\":" << thread_ << ",\"name\":" << json_string(name)
        << ",\"cat\":" << json_string(category);
    first_ = false;
  }
  void begin_event(const std::string& name, const std::string& category, profile::time_point begin,
                   profile::time_point end) {
    begin_event('X', name, category.c_str());
    to_ << ",\"ts\":" << microseconds(begin - whole_.started) << ",\"dur\":" << microseconds(end - begin);
  }

  void write_name(const char* what, const std::string& name) {
    begin_event('M', what, "__metadata");
    to_ << ",\"ts\":0,\"args\":{\"name\":" << json_string(name) << "}}";
  }
  void write_names() {
    write_name("process_name", process_name());
    for (const track& each : whole_.tracks) {
      thread_ = each.thread;
      write_name("thread_name", each.name);
    }
  }

  std::string site_of_loop(name_id id) {
    const name its = from_.names.at(id);
    return its.here == nullptr ? std::string() : profile::call_site(*its.here).name();
  }
  std::string name_of_loop(name_id id) {
    const std::string label = from_.names.at(id).label;
    return label.empty() ? site_of_loop(id) : label;
  }

  void write(const loop_record& of) {
    begin_event(name_of_loop(of.name), "loop", of.begin, of.end);
    to_ << ",\"args\":{\"loop\":" << of.loop << ",\"site\":" << json_string(site_of_loop(of.name))
        << ",\"iterations\":" << of.count << ",\"schedule\":\"" << name_of(of.how)
        << "\",\"grain\":" << of.grain << ",\"workers\":" << of.workers
        << ",\"shared\":" << yes_or_no(of.shared) << ",\"failed\":" << yes_or_no(of.failed) << "}}";
  }
  void write(const chunk_record& of) {
    begin_event(name_of_loop(of.name), "chunk", of.begin, of.end);
    to_ << ",\"args\":{\"loop\":" << of.loop << ",\"first\":" << of.first << ",\"last\":" << of.last
        << ",\"worker\":" << of.worker << ",\"chunks\":" << of.chunks
        << ",\"stolen\":" << yes_or_no(of.stolen) << "}}";
  }
  void write(const span_record& of) {
    begin_event(from_.names.at(of.name).label, from_.names.at(of.category).label, of.begin, of.end);
    to_ << '}';
  }
  void write(const counter_record& of) { write_counter(from_.names.at(of.name).label, of.begin, of.value); }
  void write_counter(const std::string& name, profile::time_point at, double value) {
    begin_event('C', name, "counter");
    to_ << ",\"ts\":" << microseconds(at - whole_.started) << ",\"args\":{\"value\":" << number(value)
        << "}}";
  }

  void write_active_workers();

  std::ostream& to_;
  profiler& from_;
  const std::string process_;
  const recording whole_;
  bool first_ = true;
  int thread_ = 0;
};

// Threads that are in a chunk, counted from the outermost chunks of each.
void trace_writer::write_active_workers() {
  std::vector<std::pair<profile::time_point, int>> changes;
  std::unordered_map<int, profile::time_point> busy_until;
  for (const placed_record& each : whole_.records) {
    const auto* chunk = std::get_if<chunk_record>(&each.what);
    if (chunk == nullptr || chunk->begin < busy_until[each.thread]) continue;
    busy_until[each.thread] = chunk->end;
    changes.emplace_back(chunk->begin, 1);
    changes.emplace_back(chunk->end, -1);
  }
  std::sort(changes.begin(), changes.end());
  thread_ = 0;
  int active = 0;
  int written = -1;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    active += changes[i].second;
    const bool more_at_once = i + 1 < changes.size() && changes[i + 1].first == changes[i].first;
    if (more_at_once || active == written) continue;
    write_counter("active workers", changes[i].first, active);
    written = active;
  }
}

[[noreturn]] void refuse(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), path + ": cannot be written");
}

}  // namespace

}  // namespace polyloop::detail

void polyloop::profile::write_trace(const std::string& path) {
  const std::string unfinished = path + ".part";
  std::ofstream file;
  file.imbue(std::locale::classic());
  file.open(unfinished, std::ios::binary | std::ios::trunc);
  if (!file) detail::refuse(path);
  detail::trace_writer(file, detail::profiler::of_process()).write();
  file.close();
  std::error_code failure;
  if (file) std::filesystem::rename(unfinished, path, failure);
  if (file && !failure) return;
  const int reason = failure ? failure.value() : errno;
  std::filesystem::remove(unfinished, failure);
  errno = reason;
  detail::refuse(path);
}
