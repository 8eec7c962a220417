// POLYLOOP_ITT: each chunk is a task of its thread, named after its loop, where a collector runs the program.
#include <ittnotify.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <polyloop/polyloop.hpp>
#include <set>
#include <string>

#include "profile/itt_marks.hpp"

namespace {

std::atomic<int> begun{0};
std::atomic<int> ended{0};
thread_local int open_here = 0;
std::atomic<bool> unbalanced{false};
std::mutex lock;
std::set<std::string> names;

}  // namespace

__itt_domain* __itt_domain_create(const char* name) {
  static char any = 0;
  unbalanced = unbalanced || std::string(name) != "polyloop";
  return reinterpret_cast<__itt_domain*>(&any);
}
__itt_string_handle* __itt_string_handle_create(const char* name) {
  const std::lock_guard hold(lock);
  return reinterpret_cast<__itt_string_handle*>(const_cast<std::string*>(&*names.insert(name).first));
}
void __itt_task_begin(const __itt_domain* domain, __itt_id, __itt_id, __itt_string_handle* name) {
  ++begun;
  ++open_here;
  if (domain == nullptr || name == nullptr) unbalanced = true;
}
void __itt_task_end(const __itt_domain*) {
  ++ended;
  if (--open_here < 0) unbalanced = true;
}

int main() {
  using namespace polyloop;
  const auto loops = [] {
    const scoped_context scope{.workers = 2, .oversubscribe = true};
    parallel_for(10, [](int) { parallel_for(5, [](int) {}, {.label = "inner"}); },
                 {.label = "outer", .schedule = schedule::dynamic()});
  };
  detail::attach_itt_marks();
  loops();
  const bool off = begun == 0;
  setenv("INTEL_LIBITTNOTIFY64", "/of/a/collector.so", 1);
  detail::attach_itt_marks();
  loops();
  std::printf("%d tasks begun, %d ended\n", begun.load(), ended.load());
  const bool named = names == std::set<std::string>{"inner", "outer"};
  return off && named && begun >= 11 && begun == ended && !unbalanced ? 0 : 1;
}
