#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <unsupported/Eigen/CXX11/ThreadPool>
#include <utility>

#include "polyloop/context.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop {

/// Has Eigen's tensors run on a Polyloop backend, with the threads that it has
/// anyway, instead of in a pool of their own:
///
///     polyloop::eigen_thread_pool pool;
///     Eigen::ThreadPoolDevice device(&pool, pool.NumThreads());
///     c.device(device) = a.contract(b, pairs);
///
/// It takes the backend and the number of workers of the scope in which it is
/// made; a backend object named there must outlive it.
///
/// Tasks are run by a loop over NumThreads() members, begun by a thread of the pool
/// when there is a task and left when there is none: while Eigen has nothing to
/// do, the workers are free for other loops. Tasks begin in the order in which
/// they were scheduled. As in Eigen's own pool a task may schedule others and must
/// not wait for them (Eigen's never do, only the caller of an expression waits),
/// and one that throws ends the program by std::terminate: whoever waits for it
/// would wait for ever.
///
/// Thread-safe. An expression may be evaluated inside a loop body: its tasks never
/// depend on the workers that the loop around it holds.
class eigen_thread_pool final : public Eigen::ThreadPoolInterface {
 public:
  /// Throws invalid_argument where an environment variable that limits the workers is no number.
  eigen_thread_pool() : scope_(detail::this_context()), members_(explain().workers) {}
  eigen_thread_pool(const eigen_thread_pool&) = delete;
  eigen_thread_pool& operator=(const eigen_thread_pool&) = delete;

  /// Returns when all tasks have run, but for those that Cancel() dropped.
  ~eigen_thread_pool() override {
    {
      const std::lock_guard hold(lock_);
      ending_ = true;
    }
    changed_.notify_all();
    owner_.join();
  }

  /// The task will run on some member, soon. O(1).
  void Schedule(std::function<void()> task) override {
    {
      const std::lock_guard hold(lock_);
      if (cancelled_) return;
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
  }

  /// The same: members take tasks as they are free, so no hint is of use.
  void ScheduleWithHint(std::function<void()> task, int /*start*/, int /*end*/) override {
    Schedule(std::move(task));
  }

  /// Drops the tasks that have not begun, and all that come later.
  void Cancel() override {
    std::deque<std::function<void()>> dropped;  // destroyed without the lock
    const std::lock_guard hold(lock_);
    cancelled_ = true;
    dropped.swap(tasks_);
  }

  /// How many tasks can run at the same time: the workers of the scope.
  int NumThreads() const override { return members_; }

  /// The number of the member that runs the calling task, in [0, NumThreads()),
  /// and no other task has it at the same time; -1 outside the tasks of this pool.
  int CurrentThreadId() const override { return current_.of == this ? current_.number : -1; }

 private:
  struct member {
    const eigen_thread_pool* of;
    int number;
  };

  void own() {
    const scoped_context scope{.backend = *scope_.engine,
                               .workers = members_,
                               .oversubscribe = scope_.oversubscribe,
                               .spin = scope_.spin};
    while (wait_for_tasks())
      parallel_for(members_, [this](int number) { serve(number); },
                   {.label = "Eigen", .schedule = schedule::dynamic()});
  }

  /// False when the pool ends.
  bool wait_for_tasks() {
    std::unique_lock hold(lock_);
    changed_.wait(hold, [this] { return ending_ || !tasks_.empty(); });
    leaving_ = false;
    return !tasks_.empty();
  }

  // noexcept: the documented end of a task that throws.
  void serve(int number) noexcept {
    const member before = std::exchange(current_, {this, number});
    while (auto task = take()) {
      (*task)();
      task.reset();
      finish();
    }
    current_ = before;
  }

  // Members with nothing to do stay while others run tasks, which may schedule
  // more, and all leave together: one that left alone would not come back while
  // the others find something. They only wait for tasks that have begun.
  std::optional<std::function<void()>> take() {
    std::unique_lock hold(lock_);
    changed_.wait(hold, [this] { return leaving_ || !tasks_.empty() || running_ == 0; });
    if (leaving_ || tasks_.empty()) {
      leaving_ = true;
      return {};
    }
    ++running_;
    std::optional<std::function<void()>> next(std::move(tasks_.front()));
    tasks_.pop_front();
    return next;
  }

  void finish() {
    const std::lock_guard hold(lock_);
    if (--running_ == 0 && tasks_.empty()) changed_.notify_all();
  }

  static inline thread_local constinit member current_ = {nullptr, -1};

  const detail::context scope_;
  const int members_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  int running_ = 0;
  bool leaving_ = false;
  bool cancelled_ = false;
  bool ending_ = false;
  std::thread owner_{[this] { own(); }};  // last: it uses all of the above
};

}  // namespace polyloop
