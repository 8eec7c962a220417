#include "polyloop/team.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "polyloop/chunk_queue.hpp"
#include "polyloop/detail/thread_sanitizer.hpp"

namespace polyloop {

namespace {

inline void prefetch(const void* address) {
#if defined(__GNUC__)
  __builtin_prefetch(address);
#else
  (void)address;
#endif
}

/// A loop that several members work on.
class shared_loop {
 public:
  shared_loop(const loop& work, const shared_loop* around) : work_(work), queue_(work_), around_(around) {}

  /// Asks for the cache lines that the first chunk needs, all at once: a helper
  /// gets them from another core, and one after the other is most of what a
  /// launch costs.
  void fetch(int worker) const {
    prefetch(work_.chunk.target());
    prefetch(static_cast<const char*>(work_.chunk.target()) + 64);
    prefetch(queue_.start_of(worker));
  }

  /// Takes and runs chunks until there are none.
  void run_chunks(int worker) {
    index_t first = 0;
    index_t last = 0;
    while (queue_.take(worker, first, last)) work_.chunk(first, last, worker);
  }

  /// A member that takes part in a loop that others wait for does so between
  /// enter and leave.
  void enter() { inside_.fetch_add(1, std::memory_order_acquire); }
  /// There are no chunks left. After this the loop may be gone. True for the last to leave.
  bool leave() {
    drained_.store(true, std::memory_order_relaxed);
    return inside_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

  /// All chunks have run: no member holds one, and none is left to take.
  bool done() const {
    return drained_.load(std::memory_order_relaxed) && inside_.load(std::memory_order_acquire) == 0;
  }
  bool open() const { return !drained_.load(std::memory_order_relaxed) && joined_ < work_.workers; }
  bool is_leaf() const { return work_.leaf; }
  int next_worker() { return joined_++; }  // under the team's lock
  bool is_inside(const shared_loop* other) const {
    const shared_loop* each = around_;
    while (each != nullptr && each != other) each = each->around_;
    return each != nullptr;
  }

 private:
  alignas(128) const loop work_;  // a copy: helpers find it beside the queue, not in yet another cache line
  chunk_queue queue_;
  const shared_loop* around_;
  int joined_ = 1;  // workers with a number; 0 is the caller
  std::atomic<bool> drained_{false};
  std::atomic<int> inside_{0};
};

class team {
 public:
  team(const backend& of, const loop& work) : of_(of), root_(work, nullptr) {}

  void be_member(int number);
  POLYLOOP_BEFORE_EDGE void operator()(int number) {
    detail::tsan::acquire(this);
    be_member(number);
    detail::tsan::release(&join_edge_);
  }
  char* join_edge() { return &join_edge_; }
  void run_nested(const loop& work);
  bool belongs_to(const backend& of) const { return &of_ == &of; }

  static team*& current() {
    static thread_local constinit team* mine = nullptr;
    return mine;
  }

 private:
  void post(shared_loop& work);
  void withdraw(shared_loop& work);
  shared_loop* join_inside(const shared_loop& ancestor, int& worker);
  void work_on(shared_loop& work, int worker);
  void wait_for(const shared_loop& work);
  void announce();

  const backend& of_;
  shared_loop root_;
  std::mutex lock_;
  std::vector<shared_loop*> board_;  // nested loops, the oldest first
  std::atomic<int> posted_{0};       // their number, to be read without the lock
  std::atomic<unsigned> events_{0};  // counts what a waiting member may wait for
  char join_edge_ = 0;
};

// The loop whose chunk this thread runs in its team.
shared_loop*& current_loop() {
  static thread_local constinit shared_loop* mine = nullptr;
  return mine;
}

// Puts a value in place for the time of a block.
template <class T>
class replaced {
 public:
  replaced(T& place, T value) : place_(place), before_(place) { place_ = value; }
  replaced(const replaced&) = delete;
  replaced& operator=(const replaced&) = delete;
  ~replaced() { place_ = before_; }

 private:
  T& place_;
  T before_;
};

inline void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void team::announce() {
  events_.fetch_add(1, std::memory_order_release);
  events_.notify_all();
}

void team::post(shared_loop& work) {
  {
    const std::lock_guard hold(lock_);
    board_.push_back(&work);
    posted_.store(static_cast<int>(board_.size()), std::memory_order_relaxed);
  }
  announce();
}

void team::withdraw(shared_loop& work) {
  const std::lock_guard hold(lock_);
  board_.erase(std::find(board_.begin(), board_.end(), &work));
  posted_.store(static_cast<int>(board_.size()), std::memory_order_relaxed);
}

shared_loop* team::join_inside(const shared_loop& ancestor, int& worker) {
  if (posted_.load(std::memory_order_relaxed) == 0) return nullptr;
  const std::lock_guard hold(lock_);
  for (shared_loop* each : board_) {
    if (!each->open() || !each->is_inside(&ancestor)) continue;
    worker = each->next_worker();
    each->enter();
    return each;
  }
  return nullptr;
}

void team::work_on(shared_loop& work, int worker) {
  const replaced mine(current_loop(), &work);
  work.run_chunks(worker);
  if (work.leave()) announce();
}

void team::wait_for(const shared_loop& work) {
  constexpr int looks_before_sleep = 2000;  // some 50 us: the others are on their last chunks
  int looks = 0;
  while (true) {
    const unsigned seen = events_.load(std::memory_order_acquire);
    if (work.done()) return;
    int worker = 0;
    if (shared_loop* inner = join_inside(work, worker)) {
      work_on(*inner, worker);
      looks = 0;
    } else if (++looks < looks_before_sleep) {
      relax();
    } else {
      events_.wait(seen, std::memory_order_acquire);
    }
  }
}

void team::be_member(int number) {
  const replaced mine(current(), this);
  if (number != 0) root_.fetch(number);
  if (root_.is_leaf()) {  // the end of the team is all there is to wait for
    const replaced inside(current_loop(), &root_);
    return root_.run_chunks(number);
  }
  root_.enter();
  work_on(root_, number);
  wait_for(root_);
}

void team::run_nested(const loop& work) {
  shared_loop inner(work, current_loop());
  inner.enter();
  post(inner);
  work_on(inner, 0);
  withdraw(inner);
  wait_for(inner);
}

}  // namespace

void run_in_team(const backend& of, const loop& work,
                 function_ref<void(int members, function_ref<void(int)> member)> fork) {
  team* mine = team::current();
  if (mine != nullptr && mine->belongs_to(of)) return mine->run_nested(work);
  team started(of, work);
  const replaced outside(current_loop(), static_cast<shared_loop*>(nullptr));
  detail::tsan::release(&started);
  const index_t count = work.end - work.begin;
  fork(work.leaf && count < work.workers ? static_cast<int>(count) : work.workers, started);
  detail::tsan::acquire(started.join_edge());
}

}  // namespace polyloop
