#pragma once

#include <memory>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "polyloop/detail/sort_common.hpp"
#include "polyloop/error.hpp"
#include "polyloop/huge_vector.hpp"

namespace polyloop::detail {

/// How many of the first k elements of the merged sequence come from a ("Merge
/// path", O. Green, R. McColl, D. Bader, 2012). Equal elements of a come first. O(log k).
template <class T, class Less>
std::size_t merge_path(const T* a, std::size_t m, const T* b, std::size_t n, std::size_t k,
                       const Less& less) {
  std::size_t low = k > n ? k - n : 0, high = std::min(k, m);
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (less(b[k - middle - 1], a[middle]))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

template <class T, class Less>
void merge_plainly(const T* a, const T* a_end, const T* b, const T* b_end, T* out, const Less& less) {
  while (a != a_end && b != b_end) *out++ = less(*b, *a) ? *b++ : *a++;
  std::copy(b, b_end, std::copy(a, a_end, out));
}

/// Merges from both ends at once: two chains of dependent loads in flight, and no
/// branch that depends on the data. No run can end within as many steps as the shorter
/// has elements, so none is asked for. Where the two ends meet wrongly the
/// comparator is no ordering (NaNs under <): the plain merge then keeps every element.
template <class T, class Less>
void merge(const T* const a0, const T* const a0_end, const T* const b0, const T* const b0_end, T* const out0,
           const Less& less) {
  const T *a = a0, *a_end = a0_end, *b = b0, *b_end = b0_end;
  T *out = out0, *out_end = out0 + (a0_end - a0) + (b0_end - b0);
  while (a < a_end && b < b_end) {
    for (std::ptrdiff_t k = std::min(a_end - a, b_end - b); k > 0; --k) {
      const bool right = less(*b, *a);
      *out++ = *(right ? b : a);
      b += right;
      a += !right;
      const bool left = less(b_end[-1], a_end[-1]);
      *--out_end = *((left ? a_end : b_end) - 1);
      a_end -= left;
      b_end -= !left;
    }
    if (a > a_end || b > b_end) return merge_plainly(a0, a0_end, b0, b0_end, out0, less);
  }
  std::copy(b, b_end, std::copy(a, a_end, out));
}

/// Merges two neighbouring runs, [0, m) and [m, n), or copies them where they are in order already.
template <class T, class Less>
void merge_runs(const T* from, std::size_t m, std::size_t n, T* to, const Less& less) {
  if (m == n || !less(from[m], from[m - 1]))
    std::copy(from, from + n, to);
  else
    merge(from, from + m, from + m, from + n, to, less);
}

template <class T, class Less>
void insertion_sort_to(const T* from, std::size_t n, T* to, const Less& less) {
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t j = i;
    for (; j > 0 && less(from[i], to[j - 1]); --j) to[j] = to[j - 1];
    to[j] = from[i];
  }
}

/// Sorts n elements of `from` on the calling thread into `to`, a third place
/// being room for as many. `from` stays as it is.
template <class T, class Less>
void merge_sort_here(const T* from, T* to, T* room, std::size_t n, const Less& less) {
  constexpr std::size_t run = 12;
  int levels = 0;
  for (std::size_t width = run; width < n; width *= 2) ++levels;
  if (levels % 2 != 0) std::swap(to, room);
  for (std::size_t i = 0; i < n; i += run) insertion_sort_to(from + i, std::min(run, n - i), to + i, less);
  for (std::size_t width = run; width < n; width *= 2) {
    for (std::size_t i = 0; i < n; i += 2 * width)
      merge_runs(to + i, std::min(width, n - i), std::min(2 * width, n - i), room + i, less);
    std::swap(to, room);
  }
}

/// One level of merges, pairs of runs of `width`, cut into pieces of equal
/// length: all workers have their share of the last merge too.
template <class T, class Less>
void merge_level(const sort_loops& loops, const T* from, T* to, std::size_t n, std::size_t width,
                 const Less& less) {
  each_sort_block(loops, {n, sort_block}, [&](std::size_t first, std::size_t last) {
    const std::size_t begin = first / (2 * width) * (2 * width);
    const std::size_t m = std::min(width, n - begin), r = std::min(2 * width, n - begin) - m;
    const T *a = from + begin, *b = a + m;
    const std::size_t i = merge_path(a, m, b, r, first - begin, less);
    const std::size_t j = merge_path(a, m, b, r, last - begin, less);
    const T *b_first = b + (first - begin - i), *b_last = b + (last - begin - j);
    if (i > j || b_first > b_last) throw invalid_argument("less", "inconsistent", "a strict weak ordering");
    merge(a + i, a + j, b_first, b_last, to + first, less);
  });
}

/// Sorts elements that copies may stand for; stable. Until the sort is done they are
/// only read: a comparator that throws leaves them as they were.
template <class T, class Less>
void merge_sort_copies(const sort_loops& loops, T* data, std::size_t n, const Less& less) {
  huge_vector<T> one(n), two(n);
  T *now = one.data(), *next = two.data();
  constexpr std::size_t width = sort_block / 2;
  each_sort_block(loops, {n, width}, [&](std::size_t first, std::size_t last) {
    merge_sort_here(data + first, now + first, next + first, last - first, less);
  });
  for (std::size_t w = width; w < n; w *= 2) {
    loops.check();
    merge_level(loops, now, next, n, w, less);
    std::swap(now, next);
  }
  copy_in_parallel(loops, now, data, n);
}

/// Puts data[order[i]] in place i, by moves that do not throw.
template <class T, class Index>
void permute(const sort_loops& loops, T* data, const huge_vector<Index>& order) {
  std::allocator<T> memory;
  const std::size_t n = order.size();
  const auto release = [&](T* at) { memory.deallocate(at, n); };
  const std::unique_ptr<T, decltype(release)> held(memory.allocate(n), release);
  T* const moved = held.get();
  each_sort_block(loops, {n, sort_block}, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) std::construct_at(moved + i, std::move(data[order[i]]));
  });
  each_sort_block(loops, {n, sort_block}, [&](std::size_t first, std::size_t last) {
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
  huge_vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  merge_sort_copies(loops, order.data(), n,
                    [&](std::size_t i, std::size_t j) { return static_cast<bool>(less(data[i], data[j])); });
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

template <class T, class Less>
void merge_sort(T* data, std::size_t n, const Less& less, const loop_options& options) {
  const sort_loops loops(options);
  loops.check();
  if (all_neighbours(loops, n, [&](std::size_t i) { return !less(data[i + 1], data[i]); })) return;
  if (all_neighbours(loops, n, [&](std::size_t i) { return static_cast<bool>(less(data[i + 1], data[i])); }))
    return reverse_in_parallel(loops, data, n);
  if constexpr (cheap_to_copy<T>)
    merge_sort_copies(loops, data, n, less);
  else
    permute(loops, data, sorted_order(loops, data, n, less));
}

}  // namespace polyloop::detail
