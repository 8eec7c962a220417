/// POLYLOOP_PROFILE: the one place where the library prints, since its user asked
/// for it by the environment (docs/decisions/0005).

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "polyloop/profile.hpp"
#include "profile/observers.hpp"
#include "profile/process.hpp"
#include "profile/words.hpp"
#ifdef POLYLOOP_ITT
#include "profile/itt_marks.hpp"
#endif

namespace polyloop::detail {

constinit std::atomic<int> loop_watchers{0};

namespace {

// In one piece, so that lines of several processes do not mix.
void say(const std::string& words) {
  std::fputs(("polyloop profile: " + words + '\n').c_str(), stderr);
}

std::string_view variable(const char* name) {
  const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before main
  return text != nullptr ? text : "";
}

// "%p" stands for the number of the process, so that several have a file each.
std::string trace_path(std::string_view text) {
  std::string path(text);
  for (auto at = path.find("%p"); at != std::string::npos; at = path.find("%p", at))
    path.replace(at, 2, std::to_string(process_number()));
  return path;
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

profile::settings settings_of_environment() {
  profile::settings how;
  how.hardware_counters = variable("POLYLOOP_PROFILE_COUNTERS") == "1";
  const std::string_view events = variable("POLYLOOP_PROFILE_EVENTS");
  if (events.empty()) return how;
  if (const auto wanted = number(events))
    how.trace_events = *wanted;
  else
    say("POLYLOOP_PROFILE_EVENTS is " + std::string(events) + ": expected a number of events; keeping " +
        std::to_string(how.trace_events));
  return how;
}

/// Profiles the program from its static objects on to the end of those.
class whole_program {
 public:
  whole_program() noexcept {
    const std::string_view wanted = variable("POLYLOOP_PROFILE");
    try {
#ifdef POLYLOOP_ITT
      attach_itt_marks();
#endif
      if (wanted.empty()) return;
      path_ = trace_path(wanted);
      process_ = process_number();
      how_ = settings_of_environment();
      writes_ = can_be_written();
      profile::start(how_);
    } catch (const std::exception& problem) {
      say_no_more(problem);
    }
  }
  whole_program(const whole_program&) = delete;
  whole_program& operator=(const whole_program&) = delete;
  ~whole_program() {
    // A child of fork() is not profiled: its parent writes that file.
    if (path_.empty() || process_ != process_number()) return;
    try {
      profile::stop();
      report();
    } catch (const std::exception& problem) {
      say_no_more(problem);
    }
  }

 private:
  // Told before hours have passed. There is nothing under the trace's own name until the end.
  bool can_be_written() const {
    const std::string unfinished = path_ + ".part";
    const bool can = std::ofstream(unfinished, std::ios::app).is_open();
    if (!can) say(path_ + ": cannot be written: " + std::generic_category().message(errno));
    std::error_code ignored;
    if (can) std::filesystem::remove(unfinished, ignored);
    return can;
  }

  static void say_no_more(const std::exception& problem) noexcept {
    try {
      say(problem.what());
    } catch (const std::exception&) {
      return;  // there is no memory even for that
    }
  }

  void report() const {
    const profile::table seen = profile::snapshot();
    if (!seen.loops.empty()) std::fputs(profile::to_text(seen).c_str(), stderr);
    std::string words = in_words(seen.elapsed) + ", " + std::to_string(seen.loops.size()) + " loops";
    if (how_.hardware_counters)
      words += seen.hardware_counters ? ", hardware counted" : ", hardware counters not available";
    say(words);
    if (!writes_) return;
    profile::write_trace(path_);
    words = "trace of " + std::to_string(seen.trace_events) + " events in " + path_;
    if (seen.dropped_events > 0)
      words += "; " + std::to_string(seen.dropped_events) +
               " dropped for want of room (POLYLOOP_PROFILE_EVENTS), not missing in the table";
    say(words);
  }

  std::string path_;
  int process_ = 0;
  profile::settings how_;
  bool writes_ = false;
};

// Made before the program's static objects, and so destroyed after them: loops of
// their destructors are seen, too.
#if defined(__GNUC__)
__attribute__((init_priority(101)))
#endif
const whole_program from_begin_to_end;

}  // namespace

}  // namespace polyloop::detail
