// A loop, fork(), a loop in the child: it finishes (or throws a named error), it never hangs.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <polyloop/polyloop.hpp>

namespace {

bool loop_works() {
  std::atomic<int> count{0};
  for (int round = 0; round < 20; ++round) {
    polyloop::parallel_for(8,
                           [&](int) {
                             polyloop::parallel_for(100, [&](int) { ++count; },
                                                    {.schedule = polyloop::schedule::dynamic()});
                           },
                           {.schedule = polyloop::schedule::dynamic()});
  }
  polyloop::task_group group;
  for (int i = 0; i < 100; ++i) group.spawn([&] { ++count; });
  group.wait();
  return count == 20 * 800 + 100;
}

int child() {
  alarm(20);  // a hang ends as a failure
  try {
    return loop_works() ? 0 : 1;
  } catch (const polyloop::error& named) {
    std::printf("child: %s\n", named.what());
    return 0;
  }
}

bool fork_after_loop(polyloop::backend& each) {
  const polyloop::scoped_context scope{.backend = each, .workers = 4, .oversubscribe = true};
  if (!loop_works()) return false;
  const pid_t pid = fork();
  if (pid == 0) _exit(child());
  int status = 1;
  waitpid(pid, &status, 0);
  return status == 0 && loop_works();
}

}  // namespace

int main() {
  for (polyloop::backend* each : polyloop::compiled_backends()) {
    const bool good = fork_after_loop(*each);
    std::printf("%s: %s\n", std::string(each->name()).c_str(), good ? "finished" : "failed");
    if (!good) return 1;
  }
}
