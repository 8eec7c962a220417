#pragma once

#include <barrier>
#include <functional>
#include <thread>
#include <vector>

namespace polyloop::bench::tables {

inline constexpr int caller_count = 4;

/// Four threads, this one among them, that do the same at once, as often as
/// asked: they stay, since a runtime keeps a team for each thread that calls it.
class crew {
 public:
  crew() {
    for (int i = 1; i < caller_count; ++i) threads_.emplace_back([this] { serve(); });
  }
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;
  ~crew() {
    task_ = nullptr;
    gate_.arrive_and_wait();
    for (std::thread& each : threads_) each.join();
  }

  /// Returns when all have done it.
  void run(std::function<void()> task) {
    task_ = std::move(task);
    gate_.arrive_and_wait();
    task_();
    gate_.arrive_and_wait();
  }

 private:
  void serve() {
    for (;;) {
      gate_.arrive_and_wait();
      if (!task_) return;
      task_();
      gate_.arrive_and_wait();
    }
  }

  std::barrier<> gate_{caller_count};
  std::function<void()> task_;
  std::vector<std::thread> threads_;
};

}  // namespace polyloop::bench::tables
