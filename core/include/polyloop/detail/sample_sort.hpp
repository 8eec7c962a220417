#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "polyloop/detail/deal.hpp"
#include "polyloop/detail/quick_sort.hpp"
#include "polyloop/detail/sort_common.hpp"
#include "polyloop/huge_vector.hpp"

namespace polyloop::detail {

/// Cuts the order of elements into buckets: each holds what lies between two splitters, and where some element
/// was drawn twice, what equals a splitter has a bucket of its own.
template <class T, class Less>
class splitters {
 public:
  /// `sample` is sorted; 2^levels parts.
  splitters(const std::vector<T>& sample, int levels, const Less& less)
      : less_(less), levels_(levels), sorted_(parts() - 1), tree_(parts()) {
    std::size_t distinct = 0;
    for (std::size_t k = 1; k < parts(); ++k) {
      const T& drawn = sample[k * sample.size() / parts()];
      if (distinct == 0 || less(sorted_[distinct - 1], drawn)) sorted_[distinct++] = drawn;
    }
    equals_apart_ = distinct < sorted_.size();
    std::fill(sorted_.begin() + static_cast<std::ptrdiff_t>(distinct), sorted_.end(), sorted_[distinct - 1]);
    std::size_t next = 0;
    plant(1, next);
  }

  std::size_t buckets() const { return 2 * parts(); }
  /// Buckets whose elements are all equal.
  static bool of_equals(std::size_t bucket) { return bucket % 2 != 0; }

  /// The buckets of elements; some at a time, so that one's comparisons need not wait for the other's.
  void classify(const T* data, std::size_t n, std::uint16_t* buckets) const {
    constexpr std::size_t at_a_time = 8;
    std::size_t i = 0;
    for (; i + at_a_time <= n; i += at_a_time) classify_some<at_a_time>(data + i, buckets + i);
    for (; i < n; ++i) classify_some<1>(data + i, buckets + i);
  }

 private:
  std::size_t parts() const { return std::size_t{1} << levels_; }

  /// The tree in an array: the children of node k are 2k and 2k + 1.
  void plant(std::size_t node, std::size_t& next) {
    if (node >= parts()) return;
    plant(2 * node, next);
    tree_[node] = sorted_[next++];
    plant(2 * node + 1, next);
  }

  template <std::size_t N>
  void classify_some(const T* data, std::uint16_t* buckets) const {
    std::array<std::size_t, N> node;
    node.fill(1);
    for (int level = 0; level < levels_; ++level)
      for (std::size_t k = 0; k < N; ++k) node[k] = 2 * node[k] + !less_(data[k], tree_[node[k]]);
    for (std::size_t k = 0; k < N; ++k) {
      const std::size_t part = node[k] - parts();
      const bool equal = equals_apart_ && part > 0 && !less_(sorted_[part - 1], data[k]);
      buckets[k] = static_cast<std::uint16_t>(2 * part - equal);
    }
  }

  const Less& less_;
  int levels_;
  bool equals_apart_ = false;
  std::vector<T> sorted_;
  std::vector<T> tree_;
};

/// Memory that workers need while they sort a bucket: as many pieces as are in use at the same time.
template <class T>
class sort_rooms {
 public:
  /// body(room for n elements).
  template <class Body>
  void with(std::size_t n, const Body& body) {
    huge_vector<T> room = take();
    if (room.size() < n) room = huge_vector<T>(n);
    body(room.data());
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(room));
  }

 private:
  huge_vector<T> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return {};
    huge_vector<T> room = std::move(free_.back());
    free_.pop_back();
    return room;
  }

  std::mutex mutex_;
  std::vector<huge_vector<T>> free_;
};

/// A sample sort (W. Frazer, A. McKellar, "Samplesort", 1970): elements are classified by a tree of splitters, dealt
/// to their buckets, and each bucket is sorted by one worker. The tree is walked without a branch, and equal elements that
/// are many have buckets of their own (P. Sanders, S. Winkel, "Super scalar sample sort", 2004).
template <class T, class Less>
class sample_sorter {
 public:
  sample_sorter(const sort_loops& loops, const Less& less) : loops_(loops), less_(less) {}

  /// Sorts n elements into `to`; `from` stays as it is. Stable.
  void sort(const T* from, T* to, std::size_t n) {
    if (n > small) return sort_in_buckets(from, to, n);
    std::copy(from, from + n, to);
    rooms_.with(n, [&](T* room) { quick_sort(to, n, room, less_); });
  }

 private:
  static constexpr std::size_t small = std::size_t{1} << 13;

  /// Parts of some thousand elements where n is small, of a second-level cache where it is large.
  static int levels_for(std::size_t n) { return std::clamp(static_cast<int>(std::bit_width(n)) - 12, 3, 9); }

  std::vector<T> sample_of(const T* data, std::size_t n, int levels) {
    const sample_places places(n, std::size_t{8} << levels);
    std::vector<T> sample(places.count());
    for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = data[places[i]];
    rooms_.with(sample.size(), [&](T* room) { quick_sort(sample.data(), sample.size(), room, less_); });
    return sample;
  }

  void sort_in_buckets(const T* from, T* to, std::size_t n) {
    const int levels = levels_for(n);
    const splitters<T, Less> split(sample_of(from, n, levels), levels, less_);
    dealer places(n, split.buckets());
    deal(from, to, n, split, places);
    loops_.check();
    loops_.each(places.buckets(), [&](std::size_t d) {
      if (!split.of_equals(d) && places.length(d) > 1 && !large(places, d) && !loops_.should_stop())
        rooms_.with(places.length(d),
                    [&](T* room) { quick_sort(to + places.begin(d), places.length(d), room, less_); });
    });
    for (std::size_t d = 0; d < places.buckets(); ++d)
      if (!split.of_equals(d) && large(places, d)) sort_again(to + places.begin(d), places.length(d), n);
    loops_.check();
  }

  /// What is asked for the buckets is written down: a comparator that changes its mind cannot have
  /// elements counted for one and dealt to another.
  void deal(const T* from, T* to, std::size_t n, const splitters<T, Less>& split, dealer& places) const {
    huge_vector<std::uint16_t> bucket(n);
    loops_.each(places.blocks().count(), [&](std::size_t b) {
      const std::size_t first = places.blocks().begin(b), last = places.blocks().end(b);
      split.classify(from + first, last - first, bucket.data() + first);
      std::size_t* const counts = places.of_block(b);
      for (std::size_t i = first; i < last; ++i) ++counts[bucket[i]];
    });
    places.find_places();
    loops_.each(places.blocks().count(), [&](std::size_t b) {
      std::size_t* const next = places.of_block(b);
      for (std::size_t i = places.blocks().begin(b); i < places.blocks().end(b); ++i)
        put_ahead(to + next[bucket[i]]++, from[i]);
    });
  }

  /// A bucket that the sample did not foresee.
  static bool large(const dealer& places, std::size_t d) {
    return places.length(d) > std::max(std::size_t{1} << 16, places.blocks().length / 4);
  }
  void sort_again(T* data, std::size_t n, std::size_t of_all) {
    loops_.check();
    huge_vector<T> copy(n);
    if (n > of_all - of_all / 8) return quick_sort(data, n, copy.data(), less_);  // as if less were no ordering
    copy_in_parallel(loops_, data, copy.data(), n);
    sort(copy.data(), data, n);
  }

  const sort_loops& loops_;
  const Less& less_;
  sort_rooms<T> rooms_;
};

/// Puts data[order[i]] in place i, by moves that do not throw.
template <class T, class Index>
void permute(const sort_loops& loops, T* data, const huge_vector<Index>& order) {
  std::allocator<T> memory;
  const std::size_t n = order.size();
  const auto release = [&](T* at) { memory.deallocate(at, n); };
  const std::unique_ptr<T, decltype(release)> held(memory.allocate(n), release);
  T* const moved = held.get();
  each_sort_block(loops, blocks_to_pass(n), [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) std::construct_at(moved + i, std::move(data[order[i]]));
  });
  each_sort_block(loops, blocks_to_pass(n), [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      data[i] = std::move(moved[i]);
      std::destroy_at(moved + i);
    }
  });
}

/// The stable order of elements that cannot be copied, or not cheaply.
template <class T, class Less>
huge_vector<std::size_t> sorted_order(const sort_loops& loops, const T* data, std::size_t n,
                                      const Less& less) {
  const auto by_index = [&](std::size_t i, std::size_t j) { return static_cast<bool>(less(data[i], data[j])); };
  huge_vector<std::size_t> indices(n), order(n);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  sample_sorter<std::size_t, decltype(by_index)>(loops, by_index).sort(indices.data(), order.data(), n);
  return order;
}

/// Elements that copies may stand for while they are sorted.
template <class T>
concept cheap_to_copy = std::is_trivially_copy_constructible_v<T> && std::is_trivially_destructible_v<T> &&
                        std::is_nothrow_copy_assignable_v<T> && std::is_nothrow_default_constructible_v<T> &&
                        sizeof(T) <= 64;

/// Elements that can be put in order without a throw in between.
template <class T>
concept safe_to_move = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
    std::is_nothrow_destructible_v<T>;

/// Sorts by a comparator; stable. If it throws, the elements stand as they did.
template <class T, class Less>
void sort_by_comparator(T* data, std::size_t n, const Less& less, const loop_options& options) {
  const sort_loops loops(options);
  loops.check();
  if (sorted_by_looking(
          loops, data, n, [&](const T& a, const T& b) { return !less(b, a); },
          [&](const T& a, const T& b) { return less(b, a); }))
    return;
  if constexpr (cheap_to_copy<T>) {
    huge_vector<T> sorted(n);
    sample_sorter<T, Less>(loops, less).sort(data, sorted.data(), n);
    copy_in_parallel(loops, sorted.data(), data, n);
  } else {
    permute(loops, data, sorted_order(loops, data, n, less));
  }
}

}  // namespace polyloop::detail
