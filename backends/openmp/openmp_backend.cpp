#include <omp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "polyloop/crew.hpp"

namespace polyloop::detail {

namespace {

/// This thread's regions have one thread for the time of a block.
class one_thread_regions {
 public:
  one_thread_regions() { omp_set_num_threads(1); }
  one_thread_regions(const one_thread_regions&) = delete;
  one_thread_regions& operator=(const one_thread_regions&) = delete;
  ~one_thread_regions() { omp_set_num_threads(before_); }

 private:
  const int before_ = omp_get_max_threads();
};

/// Lends the threads of parallel regions that stay open: a region's threads
/// cannot be asked for one by one, and a thread that opens one must wait for
/// all of it, which the caller of a loop must not (docs/decisions/0004).
class openmp final : public crew_backend {
 public:
  std::string_view name() const noexcept override { return "openmp"; }

  /// A region within a body has one thread, as within any region: all threads
  /// that run bodies are told so.
  void run(const loop& work) override {
    const one_thread_regions meanwhile;
    crew_backend::run(work);
  }

  /// The program is about to end: no more regions. Waits for those that are
  /// being opened: Clang's runtime aborts where a thread enters its first
  /// region while the runtime ends.
  void close() noexcept {
    closed_.store(true);
    while (!is_forked_child() && arrived_.load() < seats_.load()) std::this_thread::yield();
  }

 private:
  struct bell {
    std::binary_semaphore rung{0};
  };

  void lend(int seat) override {
    if (seat >= seats_.load()) open_region(seat < 1 ? omp_get_num_procs() - 1 : 1);
    bells_[static_cast<std::size_t>(seat)].rung.release();
  }

  void open_region(int more) {
    const int first = seats_.load();
    more = std::max(1, more);
    seats_.fetch_add(more);  // before the look at closed_, as close() looks in the other order
    try {
      if (closed_.load()) throw std::runtime_error("the program ends");
      std::thread([this, first, more] { host(first, more); }).detach();
    } catch (...) {
      seats_.fetch_sub(more);
      throw;
    }
  }

  void host(int first, int threads) {
#pragma omp parallel num_threads(threads)
    {
      const int seat = first + omp_get_thread_num();
      omp_set_num_threads(1);
      arrived_.fetch_add(omp_get_thread_num() == 0 ? 1 + threads - omp_get_num_threads() : 1);
      while (true) {
        bells_[static_cast<std::size_t>(seat)].rung.acquire();
        serve(seat);
      }
    }
  }

  std::atomic<int> seats_{0};    // that a thread sits at, or soon will
  std::atomic<int> arrived_{0};  // those threads, once in their region; with them those that it was denied
  std::atomic<bool> closed_{false};
  std::array<bell, most_seats> bells_;
};

}  // namespace

backend& openmp_backend() {
  // Never destroyed: its threads stay, and static objects may loop in their destructors.
  static openmp& only = *new openmp;
  static const struct closes_at_exit {
    ~closes_at_exit() { only.close(); }
  } at_exit;
  return only;
}

}  // namespace polyloop::detail
