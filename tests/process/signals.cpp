// stop_on_signals: the first signal stops loops, the second ends the process, a child goes its own way.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <polyloop/polyloop.hpp>
#include <thread>

namespace {

using namespace polyloop;

bool expect(bool good, const char* what) {
  if (!good) std::fprintf(stderr, "wrong: %s\n", what);
  return good;
}

// The stop comes a moment after the signal, from another thread: the loop never ends without.
bool first_one_stops(int signal) {
  const std::stop_token stop = stop_on_signals();
  if (!expect(!stop.stop_requested() && !stop_signal(), "stopped before the signal")) return false;
  const auto body = [signal](index_t i) {
    if (i == 100) std::raise(signal);
    std::this_thread::yield();
  };
  const loop_result result = parallel_for(index_t{1} << 50, body, {.schedule = schedule::dynamic(1), .stop = stop});
  return expect(!result.finished(), "the loop has finished") && expect(stop_signal() == signal, "another signal") &&
         expect(stop_on_signals() == stop, "another token");
}

bool second_one_ends(int signal) {
  const pid_t child = fork();
  if (child == 0) {
    stop_on_signals();
    std::raise(signal);
    std::raise(signal);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return expect(WIFSIGNALED(status) && WTERMSIG(status) == signal, "the second signal did not end it");
}

bool child_goes_its_own_way(int signal) {
  const std::stop_token stop = stop_on_signals();
  const pid_t child = fork();
  if (child == 0) {
    std::raise(signal);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return expect(WIFSIGNALED(status) && WTERMSIG(status) == signal, "the child did not end") &&
         expect(!stop.stop_requested() && !stop_signal(), "the parent was stopped with its child");
}

}  // namespace

int main(int, char** arguments) {
  const int signal = std::strcmp(arguments[2], "term") == 0 ? SIGTERM : SIGINT;
  if (std::strcmp(arguments[1], "first") == 0) return first_one_stops(signal) ? 0 : 1;
  if (std::strcmp(arguments[1], "second") == 0) return second_one_ends(signal) ? 0 : 1;
  return child_goes_its_own_way(signal) ? 0 : 1;
}
