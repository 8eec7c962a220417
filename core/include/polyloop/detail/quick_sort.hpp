#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace polyloop::detail {

/// Parts of so many elements are sorted by comparing each with each other.
inline constexpr std::size_t rank_length = 16;

template <class T, class Less>
void insertion_sort(T* data, std::size_t n, const Less& less) {
  for (std::size_t i = 1; i < n; ++i) {
    const T moving = data[i];
    std::size_t j = i;
    for (; j > 0 && less(moving, data[j - 1]); --j) data[j] = data[j - 1];
    data[j] = moving;
  }
}

/// Sorts up to rank_length elements: each goes where as many are before it as in the sorted sequence. More
/// comparisons than by insertion, but no branch depends on them: 3.6 ns an element where insertion takes 7.8.
/// Where ranks are not all different the comparator is no ordering: insertion then keeps every element.
template <class T, class Less>
void rank_sort(T* data, std::size_t n, const Less& less) {
  std::array<std::uint8_t, 2 * rank_length> ranks{};  // twice: GCC 12 warns of writes behind the first half
  for (std::size_t i = 1; i < n; ++i) {
    std::size_t before = 0;
    for (std::size_t j = 0; j < i; ++j) {
      const bool smaller = less(data[i], data[j]);
      ranks[j] = static_cast<std::uint8_t>(ranks[j] + smaller);
      before += !smaller;
    }
    ranks[i] = static_cast<std::uint8_t>(before);
  }
  std::array<T, rank_length> sorted;
  std::uint32_t taken = 0;
  for (std::size_t i = 0; i < n; ++i) {
    taken |= std::uint32_t{1} << ranks[i];
    sorted[ranks[i]] = data[i];
  }
  if (taken != (std::uint32_t{1} << n) - 1) return insertion_sort(data, n, less);
  std::copy(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(n), data);
}

/// Merges from both ends at once: two chains of dependent loads in flight, and no branch that depends
/// on the data. No run can end within as many steps as the shorter has elements, so none is asked for.
/// Where the two ends meet wrongly the comparator is no ordering (NaNs under <): the plain merge then keeps
/// every element. Not called merge: a call with a comparator of the standard library would find std's too.
template <class T, class Less>
void merge_branchless(const T* const a0, const T* const b0, const T* const end, T* const out0, const Less& less) {
  const T *a = a0, *a_end = b0, *b = b0, *b_end = end;
  T *out = out0, *out_end = out0 + (end - a0);
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
    if (a > a_end || b > b_end) {
      std::merge(a0, b0, b0, end, out0, [&](const T& x, const T& y) -> bool { return less(x, y); });
      return;
    }
  }
  std::copy(b, b_end, std::copy(a, a_end, out));
}

/// Sorts in O(n log n) whatever the elements are; `room` is for n of them.
template <class T, class Less>
void merge_sort(T* data, std::size_t n, T* room, const Less& less) {
  if (n <= rank_length) return insertion_sort(data, n, less);
  const std::size_t half = n / 2;
  merge_sort(data, half, room, less);
  merge_sort(data + half, n - half, room, less);
  if (!less(data[half], data[half - 1])) return;
  merge_branchless(data, data + half, data + n, room, less);
  std::copy(room, room + n, data);
}

/// The place of the median of three medians of three ... (J. Bentley, M. McIlroy, "Engineering a sort
/// function", 1993; carried on to as many levels as n allows).
template <class T, class Less>
std::size_t pivot_place(const T* data, std::size_t at, std::size_t n, const Less& less) {
  std::size_t a = at, b = at + n / 2, c = at + n - 1;
  if (n >= 64) {
    const std::size_t part = n / 8;
    a = pivot_place(data, at, part, less);
    b = pivot_place(data, at + 4 * part, part, less);
    c = pivot_place(data, at + 7 * part, part, less);
  }
  const bool a_first = less(data[a], data[b]);
  if (a_first != less(data[a], data[c])) return a;
  return less(data[b], data[c]) != a_first ? c : b;
}

/// Moves what `left` is true of to the front, the rest behind it, both in their order; returns the number
/// of the first. Every element is written to both places, so that no branch depends on it.
template <class T, class Left>
std::size_t partition_stably(T* data, std::size_t n, T* room, const Left& left) {
  std::size_t front = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const T element = data[i];
    const bool goes_left = left(element);
    data[front] = element;
    room[i - front] = element;
    front += goes_left;
  }
  std::copy(room, room + (n - front), data + front);
  return front;
}

/// Sorts on the calling thread; stable. Elements that equal the pivot are put aside where it is the least one:
/// few distinct elements take few passes. After a number of bad pivots, a merge sort. After L. Bergdoll,
/// O. Peters, "driftsort", 2024. `room` is for n elements. Where `less` throws, elements are lost.
template <class T, class Less>
void quick_sort(T* data, std::size_t n, T* room, const Less& less, int bad_pivots_left, const T* before = nullptr) {
  while (n > rank_length) {
    if (bad_pivots_left == 0) return merge_sort(data, n, room, less);
    const T pivot = data[pivot_place(data, 0, n, less)];
    const bool least = before != nullptr && !less(*before, pivot);
    std::size_t front =
        least ? 0 : partition_stably(data, n, room, [&](const T& e) -> bool { return less(e, pivot); });
    if (front == 0) {
      front = partition_stably(data, n, room, [&](const T& e) -> bool { return !less(pivot, e); });
      if (front == 0) return merge_sort(data, n, room, less);  // no ordering
      before = nullptr;
    } else {
      if (std::min(front, n - front) < n / 8) --bad_pivots_left;
      quick_sort(data, front, room, less, bad_pivots_left, before);
      before = &pivot;
    }
    data += front;
    n -= front;
    if (before != nullptr) return quick_sort(data, n, room, less, bad_pivots_left, before);
  }
  rank_sort(data, n, less);
}

template <class T, class Less>
void quick_sort(T* data, std::size_t n, T* room, const Less& less) {
  if (!std::is_sorted(data, data + n, [&](const T& a, const T& b) -> bool { return less(a, b); }))
    quick_sort(data, n, room, less, static_cast<int>(std::bit_width(n)));
}

}  // namespace polyloop::detail
