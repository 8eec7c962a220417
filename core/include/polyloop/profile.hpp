#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "polyloop/index.hpp"
#include "polyloop/schedule.hpp"

/// What the loops of a program do: for tools that want to be told
/// (scoped_observer), as a table (snapshot) and as a trace (write_trace).
///
/// Off by default: a loop then pays one predictable branch, a loop that is known
/// to be small nothing at all. `POLYLOOP_PROFILE=trace.json program` profiles a
/// whole program without a change to it; docs/profiling.md shows all of it.
///
/// While anything of this is on, each loop that begins is seen. A loop that is
/// known to be small is not from the first moment on where it is turned on while the
/// program runs: call sites ask again whether they are small after at most 1024 loops.
namespace polyloop::detail {
class site;
}

namespace polyloop::profile {

using time_point = std::chrono::steady_clock::time_point;

/// A place in the program at which loops are begun: one for each type of body,
/// and every lambda has a type of its own.
class call_site {
 public:
  explicit call_site(const detail::site& here) noexcept : here_(&here) {}
  /// The function that the lambda stands in (GCC), or its file and line (Clang);
  /// the type of a body that is no lambda.
  std::string name() const;
  friend bool operator==(const call_site&, const call_site&) = default;

 private:
  const detail::site* here_;
};

/// A loop, as its observers see it.
struct loop_event {
  std::uint64_t loop = 0;       ///< its number in this process, from 1
  std::uint64_t inside = 0;     ///< the loop in whose chunk it was begun; 0 for none
  std::string_view label = {};  ///< loop_options::label; ends with the loop
  call_site site;
  index_t count = 0;                 ///< iterations
  polyloop::schedule schedule = {};  ///< as its caller asked for
  int thread = 0;                    ///< of the caller: threads are numbered as they appear, from 0
  time_point begin = {};
  /// The most threads that may run its chunks, the caller among them; 1 until it is shared.
  int workers = 1;
  /// The smallest chunk that is handed out, where the schedule or what is known
  /// of the loop says so; else 0.
  index_t grain = 0;
  bool shared = false;  ///< other workers were invited; else all of it ran on the calling thread

  // Known when it has ended:
  time_point end = {};
  bool failed = false;  ///< it threw
  /// From the launch until a helper began its first chunk; 0 where none came.
  std::chrono::nanoseconds start_up{0};
  /// From the end of the caller's last chunk to the end of the loop.
  std::chrono::nanoseconds join{0};
};

/// A chunk of a loop: what a worker runs at a stretch.
struct chunk_event {
  const loop_event& of;
  int worker = 0;  ///< below of.workers
  int thread = 0;  ///< numbered as in loop_event
  index_t first =
      0;  ///< iterations [first, last); of a loop that is stopped, or throws, some may not have run
  index_t last = 0;       ///< of a loop that begins on its caller alone, `first` until it ends
  bool stolen = false;    ///< was dealt to another worker; where a crew_backend runs the loop
  time_point begin = {};  ///< within the loop's
  time_point end = {};    ///< known when it has ended
};

/// Derive from this to be told of loops. Called on the thread that the event is
/// about, between its chunks: whatever it does there takes the loop's time. Calls
/// for one chunk, and those of one thread, come one after the other; those of several
/// threads come at the same time. Loops that it begins itself are not seen.
class observer {
 public:
  virtual void loop_begins(const loop_event&) noexcept {}
  virtual void loop_ended(const loop_event&) noexcept {}
  virtual void chunk_begins(const chunk_event&) noexcept {}
  virtual void chunk_ended(const chunk_event&) noexcept {}

 protected:
  observer() = default;
  observer(const observer&) = default;
  observer& operator=(const observer&) = default;
  ~observer() = default;
};

/// Attaches an observer to all loops of the process that begin from now on, until
/// the end of the block. May begin and end on any thread, also while loops run (of
/// those it sees the rest or nothing), but not in a call of an observer. When it
/// has ended no call is in progress. Thread-safe.
class [[nodiscard]] scoped_observer {
 public:
  explicit scoped_observer(observer& told);
  scoped_observer(const scoped_observer&) = delete;
  scoped_observer& operator=(const scoped_observer&) = delete;
  ~scoped_observer();

 private:
  observer& told_;
};

struct settings {
  /// How much of the trace is kept, in events of 64 bytes, of all threads
  /// together. When it is full, events are dropped and counted; the table goes on.
  std::size_t trace_events = std::size_t{1} << 18;
  /// Counts cycles, instructions and cache misses of the chunks by perf_event,
  /// where the kernel allows. Costs two system calls for each chunk.
  bool hardware_counters = false;
};

/// Begins to record the loops of the process; what was recorded before is gone. Thread-safe.
void start(const settings& how = {});
/// Ends the recording; loops that run go on to be recorded until their end.
/// The record stays until the next start. Thread-safe.
void stop() noexcept;
/// Whether loops are recorded.
bool is_on() noexcept;

/// Puts what the calling thread does in this block into the trace: a stage of a
/// pipeline, a frame. Blocks nest with each other and with loops. Not to be moved
/// or copied; ends on the thread that began it. Nothing but a branch while nothing is recorded.
class [[nodiscard]] scoped_span {
 public:
  explicit scoped_span(std::string_view name, std::string_view category = "span");
  scoped_span(const scoped_span&) = delete;
  scoped_span& operator=(const scoped_span&) = delete;
  ~scoped_span();

 private:
  unsigned recording_ = 0;  // 0: none
  std::uint32_t name_ = 0;
  std::uint32_t category_ = 0;
  time_point begin_ = {};
};

/// Puts a number that changes over time into the trace, such as the length of a
/// queue. Thread-safe; a branch while nothing is recorded.
void counter(std::string_view name, double value);

/// What the hardware counted in chunks.
struct hardware_counts {
  std::uint64_t cycles = 0;
  std::uint64_t instructions = 0;
  std::uint64_t cache_misses = 0;
};

/// Time of one worker of a loop: in chunks (loops inside them included), and not.
struct worker_times {
  std::chrono::nanoseconds busy{0};
  std::chrono::nanoseconds idle{0};
};

/// Time that iterations took, to tell what one costs.
struct work_sample {
  std::chrono::nanoseconds time{0};
  index_t iterations = 0;
};

/// All calls of one loop: of one label at one call site. Times are sums over the calls.
struct loop_summary {
  std::string label;
  std::string site;
  std::uint64_t calls = 0;
  std::uint64_t shared = 0;  ///< of which other workers were invited to
  std::uint64_t failed = 0;  ///< of which threw
  index_t iterations = 0;
  std::chrono::nanoseconds wall{0};
  std::vector<worker_times> workers;  ///< by number
  std::uint64_t chunks = 0;
  std::uint64_t stolen = 0;              ///< chunks that ran elsewhere than they were dealt to
  polyloop::schedule schedule;           ///< of the last call
  index_t grain = 0;                     ///< of the last shared call
  std::uint64_t helped = 0;              ///< shared calls that a helper came to
  std::chrono::nanoseconds start_up{0};  ///< of those: from the launch to a helper's first chunk
  std::chrono::nanoseconds join{0};      ///< of shared calls: from the caller's last chunk to the end
  std::chrono::nanoseconds busiest{0};   ///< of shared calls: time in chunks of the worker that had most
  std::chrono::nanoseconds level{0};     ///< the same if all workers had had as much
  hardware_counts counts;
  /// Calls that one worker ran alone; and shared ones.
  work_sample alone;
  work_sample together;
  /// The same of chunks in the first eighth of the range alone, while no helper
  /// had come yet: like is compared with like where iterations differ.
  work_sample front_alone;
  work_sample front_together;

  /// Busiest worker over mean worker, 1 where nothing was shared.
  double imbalance() const noexcept;
  /// Time in chunks over the time of all workers; 0 to 1.
  double efficiency() const noexcept;
  /// What an iteration costs beside other workers over what it costs one alone; 0 where
  /// it is not known. A loop that waits for memory slows down as workers are added.
  double slow_down() const noexcept;
  /// A sentence: what would make this loop faster.
  std::string advice() const;
};

/// What was recorded since start().
struct table {
  std::vector<loop_summary> loops;  ///< the one that took longest first
  std::chrono::nanoseconds elapsed{0};
  std::uint64_t trace_events = 0;
  std::uint64_t dropped_events = 0;  ///< for want of room in the trace
  bool hardware_counters = false;    ///< they were asked for and are there
};

/// The table as it stands. Loops that run count from their end on. Thread-safe.
table snapshot();

/// The table in words and columns, at most so many loops.
std::string to_text(const table& from, std::size_t most_loops = 20);

/// Writes the trace in the Trace Event Format (JSON), which Perfetto and
/// chrome://tracing open: a track for each thread; loops, chunks and spans nested
/// on it; the number of active workers and the counters beside. The file has its
/// name once it is whole. Throws std::system_error, whose text names the file,
/// where it cannot be written. Thread-safe.
void write_trace(const std::string& path);

}  // namespace polyloop::profile
