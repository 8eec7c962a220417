#include <omp.h>

#include <algorithm>
#include <array>
#include <semaphore>
#include <thread>

#include "polyloop/crew.hpp"

namespace polyloop::detail {

namespace {

/// Lends the threads of parallel regions that stay open: a region's threads
/// cannot be asked for one by one, and a thread that opens one must wait for
/// all of it, which the caller of a loop must not (docs/decisions/0004).
class openmp final : public crew_backend {
 public:
  std::string_view name() const noexcept override { return "openmp"; }

  /// A region within a body has one thread, as within any region: all threads
  /// that run bodies are told so.
  void run(const loop& work) override {
    const int before = omp_get_max_threads();
    omp_set_num_threads(1);
    crew_backend::run(work);
    omp_set_num_threads(before);
  }

 private:
  struct bell {
    std::binary_semaphore rung{0};
  };

  void lend(int seat) override {
    if (seat >= seats_) open_region(seat < 1 ? omp_get_num_procs() - 1 : 1);
    bells_[static_cast<std::size_t>(seat)].rung.release();
  }

  void open_region(int more) {
    const int first = seats_;
    more = std::max(1, more);
    std::thread([this, first, more] { host(first, more); }).detach();
    seats_ += more;
  }

  void host(int first, int threads) {
#pragma omp parallel num_threads(threads)
    {
      const int seat = first + omp_get_thread_num();
      omp_set_num_threads(1);
      while (true) {
        bells_[static_cast<std::size_t>(seat)].rung.acquire();
        serve(seat);
      }
    }
  }

  int seats_ = 0;  // that a thread sits at
  std::array<bell, most_seats> bells_;
};

}  // namespace

backend& openmp_backend() {
  // Never destroyed: its threads stay, and static objects may loop in their destructors.
  static openmp& only = *new openmp;
  return only;
}

}  // namespace polyloop::detail
