#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "polyloop/error.hpp"
#include "polyloop/function_ref.hpp"
#include "polyloop/loop_options.hpp"

namespace polyloop::detail {

/// Runs the loops of one sort. They take the caller's label, schedule and
/// workers, but not stop and deadline: a loop that moves elements must come to
/// its end, so the sort asks for them itself, where nothing can be lost.
/// No template: a sort has half a dozen loops, whose iterations are blocks.
class sort_loops {
 public:
  explicit sort_loops(const loop_options& options);

  bool should_stop() const;
  void check() const {
    if (should_stop()) throw stopped(0);
  }

  /// body(b) for the blocks b = 0 .. n - 1; one block runs here and now.
  void each(std::size_t n, function_ref<void(std::size_t)> body) const;

 private:
  const loop_options& options_;
  const loop_options inner_;
};

/// A sort of n elements as one iteration, number 0, of a loop with these options: sort(rest) under their policy, again
/// and again if it says so, since a sort that throws leaves the elements as they were. Feeds their counter.
void sort_as_asked(std::size_t n, const loop_options& options, function_ref<void(const loop_options&)> sort);

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

/// For passes whose result does not depend on the blocks: some for each worker, none too short to be handed out.
inline sort_blocks blocks_to_pass(std::size_t n) {
  return {n, std::clamp(n / 32, std::size_t{1} << 11, std::size_t{1} << 14)};
}

/// Whether each element of [first, last) is in the relation to the next one.
template <class Related>
bool related_neighbours(std::size_t first, std::size_t last, const Related& related) {
  for (; last - first >= 4; first += 4)
    if (!related(first) || !related(first + 1) || !related(first + 2) || !related(first + 3)) return false;
  while (first < last && related(first)) ++first;
  return first == last;
}

/// Whether each element but the last is in the relation to the next one. O(n); ends soon after
/// the first that is not, and asks no other worker where it is among the first.
template <class Related>
bool all_neighbours(const sort_loops& loops, std::size_t n, const Related& related) {
  if (n < 2) return true;
  const std::size_t alone = std::min(n - 1, std::size_t{1024});
  if (!related_neighbours(0, alone, related)) return false;
  std::atomic<bool> all = true;
  each_sort_block(loops, blocks_to_pass(n - 1 - alone), [&](std::size_t first, std::size_t last) {
    if (all.load(std::memory_order_relaxed) && !related_neighbours(alone + first, alone + last, related))
      all.store(false, std::memory_order_relaxed);
  });
  return all;
}

/// Places in [0, n) for a sample of a range, one in each of equal parts and each by lot: a range
/// with a period does not show all the same. The same ones for the same n.
class sample_places {
 public:
  sample_places(std::size_t n, std::size_t wanted) : step_(std::max<std::size_t>(1, n / wanted)), count_(n / step_) {}

  std::size_t count() const { return count_; }
  std::size_t operator[](std::size_t i) const {
    std::uint64_t lot = (i + 1) * 0x9e3779b97f4a7c15;
    lot = (lot ^ (lot >> 30)) * 0xbf58476d1ce4e5b9;
    return i * step_ + static_cast<std::size_t>((lot >> 32) % step_);
  }

 private:
  std::size_t step_;
  std::size_t count_;
};

template <class T>
void reverse_in_parallel(const sort_loops& loops, T* data, std::size_t n) {
  each_sort_block(loops, blocks_to_pass(n / 2), [&](std::size_t first, std::size_t last) {
    using std::swap;
    for (std::size_t i = first; i < last; ++i) swap(data[i], data[n - 1 - i]);
  });
}

template <class T>
void copy_in_parallel(const sort_loops& loops, const T* from, T* to, std::size_t n) {
  each_sort_block(loops, blocks_to_pass(n), [&](std::size_t first, std::size_t last) {
    std::copy(from + first, from + last, to + first);
  });
}

/// Sorts where that takes no more than looking: elements in order, or each strictly before the one in front of it.
template <class T, class InOrder, class Descends>
bool sorted_by_looking(const sort_loops& loops, T* data, std::size_t n, const InOrder& in_order,
                       const Descends& descends) {
  if (all_neighbours(loops, n, [&](std::size_t i) -> bool { return in_order(data[i], data[i + 1]); })) return true;
  if (!all_neighbours(loops, n, [&](std::size_t i) -> bool { return descends(data[i], data[i + 1]); })) return false;
  reverse_in_parallel(loops, data, n);
  return true;
}

}  // namespace polyloop::detail
