// Loops of every kind, for the tests of POLYLOOP_PROFILE: nested, throwing, in static objects, in a child
// of fork(), on threads that never end. Prints how many it has begun with the label "counted".
#include <atomic>
#include <chrono>
#include <cstdio>
#include <polyloop/polyloop.hpp>
#include <polyloop/profile.hpp>
#include <stdexcept>
#include <string_view>
#include <thread>

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

using namespace polyloop;

int counted = 0;

void loop(const char* label, index_t n, const schedule& how) {
  parallel_for(n, [](index_t) { std::this_thread::sleep_for(std::chrono::microseconds(20)); },
               {.label = label, .schedule = how});
  counted += std::string_view(label) == "counted";
}

struct in_static_object {
  in_static_object() { loop("counted", 5, schedule::dynamic()); }
  ~in_static_object() {
    parallel_for(5, [](int) {}, {.label = "destructor"});
  }
};
const in_static_object before_main;

void loop_on(backend& each) {
  const scoped_context scope{.backend = each, .workers = 3, .oversubscribe = true};
  const profile::scoped_span stage(each.name(), "stage");
  profile::counter("queue", 3);
  loop("counted", 40, schedule::dynamic(3));
  loop("counted", 40, schedule::static_(4));
  loop("counted", 100, schedule::guided());
  loop("counted", 300, schedule::automatic);
  parallel_for(6,
               [](int) { parallel_for(20, [](int) {}, {.label = "inner", .schedule = schedule::dynamic()}); },
               {.label = "outer \"quoted\"", .schedule = schedule::dynamic()});
  for (int i = 0; i < 100; ++i) parallel_for(10, [](int) {});
}

void throw_from_loop() {
  try {
    parallel_for(10,
                 [](int i) {
                   if (i == 4) throw std::runtime_error("four");
                 },
                 {.label = "throws"});
  } catch (const std::runtime_error&) {
    std::fflush(stdout);
  }
}

#ifndef _WIN32
// The child loops and ends as any program does: static objects, exit handlers and all.
int end_in_child() {
  const pid_t child = fork();
  loop(child == 0 ? "child" : "counted", 20, schedule::dynamic());
  if (child == 0) return 0;
  int status = 1;
  waitpid(child, &status, 0);
  std::printf("%d\n", counted);
  return status == 0 ? 0 : 1;
}
#endif

}  // namespace

int main(int argc, char** argv) {
  for (backend* each : compiled_backends()) loop_on(*each);
  throw_from_loop();
  const std::string_view how = argc > 1 ? argv[1] : "";
#ifndef _WIN32
  if (how == "fork") return end_in_child();
#endif
  if (how == "many")
    for (int i = 0; i < 2000; ++i) parallel_for(20, [](int) {}, {.label = "many", .schedule = schedule::dynamic()});
  // Goes on looping while the program ends.
  if (how == "endless")
    std::thread([] {
      while (true) parallel_for(100, [](int) {}, {.label = "endless", .schedule = schedule::dynamic()});
    }).detach();
  std::printf("%d\n", counted);
}
