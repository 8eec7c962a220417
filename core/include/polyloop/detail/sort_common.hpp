#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <vector>

#include "polyloop/detail/asked_to_stop.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::detail {

/// Runs the loops of one sort. They take the caller's label, schedule and
/// workers, but not stop and deadline: a loop that moves elements must come to
/// its end, so the sort asks for them itself, where nothing can be lost.
class sort_loops {
 public:
  explicit sort_loops(const loop_options& options)
      : options_(options),
        inner_(one_at_a_time(
            {.label = options.label, .schedule = options.schedule, .workers = options.workers})) {}

  bool should_stop() const { return asked_to_stop(options_.stop, options_.deadline); }
  void check() const {
    if (should_stop()) throw stopped(0);
  }

  /// body(b) for the blocks b = 0 .. n - 1; one block runs here and now.
  template <class Body>
  void each(std::size_t n, const Body& body) const {
    if (n == 1)
      body(std::size_t{0});
    else
      parallel_for(n, body, inner_);
  }

 private:
  const loop_options& options_;
  const loop_options inner_;
};

/// A range cut into blocks by its length alone.
struct sort_blocks {
  std::size_t length;
  std::size_t size;

  std::size_t count() const { return length / size + (length % size != 0); }
  std::size_t begin(std::size_t b) const { return b * size; }
  std::size_t end(std::size_t b) const { return std::min(length, (b + 1) * size); }
};

/// body(first, last) for every block, in parallel.
template <class Body>
void each_sort_block(const sort_loops& loops, const sort_blocks& blocks, const Body& body) {
  loops.each(blocks.count(), [&](std::size_t b) { body(blocks.begin(b), blocks.end(b)); });
}

inline constexpr std::size_t sort_block = std::size_t{1} << 16;

/// Whether each element from the second on is in the relation to the one
/// before. O(n); ends soon after the first that is not.
template <class Related>
bool all_neighbours(const sort_loops& loops, std::size_t n, const Related& related) {
  if (n < 2) return true;
  std::atomic<bool> all = true;
  each_sort_block(loops, {n - 1, sort_block}, [&](std::size_t first, std::size_t last) {
    if (!all.load(std::memory_order_relaxed)) return;
    for (std::size_t i = first; i < last; ++i)
      if (!related(i)) return all.store(false, std::memory_order_relaxed);
  });
  return all;
}

template <class T>
void reverse_in_parallel(const sort_loops& loops, T* data, std::size_t n) {
  each_sort_block(loops, {n / 2, sort_block}, [&](std::size_t first, std::size_t last) {
    using std::swap;
    for (std::size_t i = first; i < last; ++i) swap(data[i], data[n - 1 - i]);
  });
}

template <class T>
void copy_in_parallel(const sort_loops& loops, const T* from, T* to, std::size_t n) {
  each_sort_block(loops, {n, sort_block}, [&](std::size_t first, std::size_t last) {
    std::copy(from + first, from + last, to + first);
  });
}

}  // namespace polyloop::detail
