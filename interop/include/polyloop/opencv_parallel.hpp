#pragma once

#include <algorithm>
#include <atomic>
#include <opencv2/core/parallel/parallel_backend.hpp>
#include <utility>

#include "polyloop/chunk_queue.hpp"
#include "polyloop/context.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop {

/// Has OpenCV (4.5.2 or newer) run its parallel loops on Polyloop:
///
///     cv::parallel::setParallelForBackend(std::make_shared<polyloop::opencv_parallel>());
///
/// From then on cv::parallel_for_, and what OpenCV builds on it, runs on the
/// backend and within the number of workers of the calling thread's scope. Inside
/// a loop body it is a nested loop and shares the workers of that one.
///
/// Thread-safe. The exception of a body reaches the caller.
class opencv_parallel final : public cv::parallel::ParallelForAPI {
 public:
  /// Begins with as many threads as the loops of the scope in which it is made.
  opencv_parallel() : all_(explain().workers), threads_(all_) {}

  /// Calls body(first, last, data) for stretches that cover [0, tasks) once.
  void parallel_for(int tasks, FN_parallel_for_body_cb_t body, void* data) override {
    const int members = threads_.load(std::memory_order_relaxed);
    const auto unused = [](index_t, index_t, int) {};
    const loop work{0, tasks, schedule::automatic, members, unused};
    chunk_queue chunks(work);
    const auto serve = [&](int number) {
      const numbered here(number);
      for (index_t first = 0, last = 0; chunks.take(number, first, last);)
        body(static_cast<int>(first), static_cast<int>(last), data);
    };
    polyloop::parallel_for(members, serve,
                           {.label = "OpenCV", .schedule = schedule::dynamic(), .workers = members});
  }

  /// The number of the calling thread in the innermost parallel loop, in
  /// [0, cv::getNumThreads()), which no other thread has in that loop; 0 outside.
  int getThreadNum() const override { return number_; }

  /// The most threads that a loop of the calling thread's scope would use.
  int getNumThreads() const override {
    return std::min(explain().workers, threads_.load(std::memory_order_relaxed));
  }

  /// At most so many threads from now on; 0: one, less: the number that it began
  /// with. Returns the number before. Scopes and the limits of the process still hold.
  int setNumThreads(int threads) override {
    return threads_.exchange(threads < 0 ? all_ : std::max(1, threads), std::memory_order_relaxed);
  }

  const char* getName() const override { return "polyloop"; }

 private:
  /// Numbers the calling thread for the time of a block.
  class numbered {
   public:
    explicit numbered(int number) : before_(std::exchange(number_, number)) {}
    numbered(const numbered&) = delete;
    numbered& operator=(const numbered&) = delete;
    ~numbered() { number_ = before_; }

   private:
    const int before_;
  };

  static inline thread_local constinit int number_ = 0;

  const int all_;
  std::atomic<int> threads_;
};

}  // namespace polyloop
