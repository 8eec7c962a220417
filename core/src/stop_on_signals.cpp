#include "polyloop/stop_on_signals.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <system_error>
#include <thread>

#include <fcntl.h>
#ifdef _WIN32
#include <io.h>
#include <process.h>
#else
#include <unistd.h>
#endif

namespace polyloop {

namespace {

#ifdef _WIN32
using process_id = int;
process_id this_process() { return _getpid(); }
int open_pipe(int* ends) { return _pipe(ends, 16, _O_BINARY | _O_NOINHERIT); }
auto read_byte(int end, char* byte) { return _read(end, byte, 1); }
auto write_byte(int end, const char* byte) { return _write(end, byte, 1); }
#else
using process_id = pid_t;
process_id this_process() { return getpid(); }
int open_pipe(int* ends) {
  if (pipe(ends) != 0) return -1;
  for (int i = 0; i < 2; ++i) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  return 0;
}
auto read_byte(int end, char* byte) { return read(end, byte, 1); }
auto write_byte(int end, const char* byte) { return write(end, byte, 1); }
#endif

/// What the handler needs: all of it may be used in one.
struct reach_of_handler {
  std::atomic<int> signal{0};
  std::atomic<int> pipe_end{-1};
  std::atomic<process_id> owner{0};
};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<process_id>::is_always_lock_free);
constinit reach_of_handler reach;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void end_at_once(int signal) {
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// The first signal wakes the thread that requests the stop; that itself is not allowed in a handler.
extern "C" void polyloop_on_signal(int signal) {
  const int before = errno;
  int none = 0;
  if (reach.owner.load() != this_process() || !reach.signal.compare_exchange_strong(none, signal)) {
    end_at_once(signal);
  } else {
    const char byte = 0;
    while (write_byte(reach.pipe_end.load(), &byte) < 0 && errno == EINTR) {
    }
#ifdef _WIN32
    std::signal(signal, polyloop_on_signal);  // gone with each signal there
#endif
  }
  errno = before;
}

void handle(int signal) {
#ifdef _WIN32
  if (std::signal(signal, polyloop_on_signal) == SIG_ERR) fail("a signal's handler");
#else
  struct sigaction action {};
  action.sa_handler = polyloop_on_signal;
  action.sa_flags = SA_RESTART;  // reads and writes of the program go on, the loops end by the token
  sigemptyset(&action.sa_mask);
  if (sigaction(signal, &action, nullptr) != 0) fail("sigaction");
#endif
}

/// Waits for the first signal in a thread of its own, which ends with the process.
class watch {
 public:
  watch() {
    int ends[2];
    if (open_pipe(ends) != 0) fail("pipe");
    reach.pipe_end = ends[1];
    reach.owner = this_process();
    std::thread([from = ends[0], stop = source_]() mutable {
      char byte = 0;
      while (read_byte(from, &byte) < 0 && errno == EINTR) {
      }
      stop.request_stop();
    }).detach();
    for (const int signal : {SIGINT, SIGTERM}) handle(signal);
  }
  std::stop_token token() const { return source_.get_token(); }
  bool is_of_this_process() const { return reach.owner == this_process(); }

 private:
  std::stop_source source_;
};

}  // namespace

std::stop_token stop_on_signals() {
  static std::mutex lock;
  static const watch* current = nullptr;  // never destroyed: a signal may come at any time
  const std::lock_guard hold(lock);
  if (current == nullptr || !current->is_of_this_process()) {
    reach.signal = 0;
    current = new watch;
  }
  return current->token();
}

std::optional<int> stop_signal() noexcept {
  const int signal = reach.signal.load();
  return signal == 0 ? std::nullopt : std::optional(signal);
}

}  // namespace polyloop
