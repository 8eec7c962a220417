#include <omp.h>

#include "polyloop/backend.hpp"
#include "polyloop/team.hpp"

#ifndef _WIN32
#include <pthread.h>
#endif

namespace polyloop::detail {

namespace {

/// A parallel region is opened on the calling thread, so that its team is the
/// one that the thread's own `#pragma omp` code uses. The chunks are handed out
/// by core, not by OpenMP's schedules: a region cannot be joined by threads that
/// become idle later, which nested loops need (docs/decisions/0001).
class openmp final : public backend {
 public:
  std::string_view name() const noexcept override { return "openmp"; }
  void run(const loop& work) override {
    run_in_team(*this, work, [](int members, function_ref<void(int)> member) {
      if (forked) return member(0);
#pragma omp parallel num_threads(members) firstprivate(member)
      member(omp_get_thread_num());
    });
  }

  // A child of fork() has none of its parent's threads, but GCC's runtime waits
  // for them in the next region. There the calling thread works alone.
  static inline bool forked = false;
};

}  // namespace

backend& openmp_backend() {
  static openmp only;
#ifndef _WIN32
  static const int registered = pthread_atfork(nullptr, nullptr, [] { openmp::forked = true; });
  (void)registered;
#endif
  return only;
}

}  // namespace polyloop::detail
