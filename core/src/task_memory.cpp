#include <new>

#include "polyloop/detail/task.hpp"

namespace polyloop::detail {

namespace {

constexpr std::align_val_t line{64};
constexpr int most_kept = 1024;

struct free_memory {
  free_memory* next;
};

/// Memory that a thread keeps. Trivially destroyed: objects that outlive the thread's others may still spawn.
struct kept_memory {
  free_memory* first = nullptr;
  int number = 0;
  bool watched = false;  // it is given back when the thread ends
  bool closed = false;   // it has been
};

kept_memory& kept() noexcept {
  static thread_local constinit kept_memory mine;
  return mine;
}

struct closes_at_end {
  closes_at_end() = default;
  closes_at_end(const closes_at_end&) = delete;
  closes_at_end& operator=(const closes_at_end&) = delete;
  ~closes_at_end() {
    kept_memory& mine = kept();
    mine.closed = true;
    while (mine.first != nullptr) {
      free_memory* const first = mine.first;
      mine.first = first->next;
      ::operator delete(first, line);
    }
  }
};

void watch(kept_memory& mine) noexcept {
  static thread_local const closes_at_end at_end;
  (void)at_end;
  mine.watched = true;
}

}  // namespace

void* allocate_task() {
  kept_memory& mine = kept();
  if (mine.first == nullptr) return ::operator new(sizeof(task), line);
  free_memory* const first = mine.first;
  mine.first = first->next;
  --mine.number;
  return first;
}

void free_task(void* memory) noexcept {
  kept_memory& mine = kept();
  if (mine.closed || mine.number >= most_kept) return ::operator delete(memory, line);
  if (!mine.watched) watch(mine);
  mine.first = ::new (memory) free_memory{mine.first};
  ++mine.number;
}

}  // namespace polyloop::detail
