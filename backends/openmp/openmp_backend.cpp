#include <omp.h>

#include <array>
#include <mutex>
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

 private:
  struct bell {
    std::binary_semaphore rung{0};
  };

  void lend(int seat) override {
    if (seat >= hosted_.load(std::memory_order_acquire)) open_region(seat + 1);
    bells_[static_cast<std::size_t>(seat)].rung.release();
  }

  void open_region(int seats) {
    const std::lock_guard hold(lock_);
    const int first = hosted_.load(std::memory_order_relaxed);
    if (seats <= first) return;
    const int last = first == 0 ? std::max(seats, omp_get_num_procs() - 1) : seats;
    std::thread([this, first, last] { host(first, last); }).detach();
    hosted_.store(last, std::memory_order_release);
  }

  void host(int first, int last) {
#pragma omp parallel num_threads(last - first)
    while (true) {
      const int seat = first + omp_get_thread_num();
      bells_[static_cast<std::size_t>(seat)].rung.acquire();
      serve(seat);
    }
  }

  std::mutex lock_;
  std::atomic<int> hosted_{0};  // seats that a region's thread sits at
  std::array<bell, most_seats> bells_;
};

}  // namespace

backend& openmp_backend() {
  // Never destroyed: its threads stay, and static objects may loop in their destructors.
  static openmp& only = *new openmp;
  return only;
}

}  // namespace polyloop::detail
