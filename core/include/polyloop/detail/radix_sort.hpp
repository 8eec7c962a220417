#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "polyloop/detail/sort_common.hpp"
#include "polyloop/huge_vector.hpp"

namespace polyloop::detail {

template <std::size_t Bytes>
using unsigned_of_size =
    std::conditional_t<Bytes == 1, std::uint8_t,
                       std::conditional_t<Bytes == 2, std::uint16_t,
                                          std::conditional_t<Bytes == 4, std::uint32_t, std::uint64_t>>>;

/// Numbers whose order an unsigned number of the same size can have.
template <class K>
concept radix_key = (std::integral<K> && sizeof(K) <= 8) ||
                    (std::floating_point<K> && std::numeric_limits<K>::is_iec559 && sizeof(K) <= 8);

/// A key as an unsigned number in the same order: -0.0 is the same as 0.0, NaNs
/// come after all numbers, in the descending order too.
template <bool Descending, radix_key K>
constexpr auto radix_bits(K key) {
  using U = unsigned_of_size<sizeof(K)>;
  constexpr U top = static_cast<U>(U{1} << (8 * sizeof(K) - 1));
  U bits = 0;
  if constexpr (std::floating_point<K>) {
    if (key != key) return static_cast<U>(~U{0});
    bits = key == K{0} ? U{0} : std::bit_cast<U>(key);
    bits = static_cast<U>(bits & top ? ~bits : bits | top);
  } else {
    bits = static_cast<U>(key);
    if constexpr (std::signed_integral<K>) bits = static_cast<U>(bits ^ top);
  }
  return Descending ? static_cast<U>(~bits) : bits;
}

/// Most bits that one pass sorts by: the buckets' ends are written to at the
/// same time, and with more of them the caches and the TLB do not follow.
inline constexpr int radix_digit_bits = 11;
inline constexpr std::size_t most_buckets = std::size_t{1} << radix_digit_bits;
inline constexpr std::size_t insertion_length = 24;

template <class T, class Key>
void insertion_sort_by_key(T* data, std::size_t n, const Key& key) {
  for (std::size_t i = 1; i < n; ++i) {
    const T moving = data[i];
    const auto bits = key(moving);
    std::size_t j = i;
    for (; j > 0 && bits < key(data[j - 1]); --j) data[j] = data[j - 1];
    data[j] = moving;
  }
}

/// The digit of a key that a pass sorts by: from the highest bit in which the
/// keys differ down.
struct radix_digit {
  int shift;
  int bits;

  template <class U>
  radix_digit(U differing, int wanted) {
    const int width = static_cast<int>(std::bit_width(differing));
    bits = std::clamp(wanted, 1, std::min(width, radix_digit_bits));
    shift = width - bits;
  }
  std::size_t buckets() const { return std::size_t{1} << bits; }
  template <class U>
  std::size_t of(U key) const {
    return static_cast<std::size_t>(key >> shift) & (buckets() - 1);
  }
};

template <class T, class Key>
auto differing_bits(const T* data, std::size_t n, const Key& key) {
  const auto first = key(data[0]);
  auto differing = static_cast<decltype(first)>(0);
  std::remove_const_t<decltype(first)> all = differing;
  for (std::size_t i = 1; i < n; ++i) all = static_cast<decltype(all)>(all | (key(data[i]) ^ first));
  return all;
}

/// Sorts n elements of `from` on the calling thread, by the most significant
/// digit first; `to` has room for as many. The result is in `to` or in `from`.
template <class T, class Key>
void radix_sort_here(T* from, T* to, std::size_t n, const Key& key, bool result_in_to) {
  if (n <= insertion_length) {
    if (result_in_to) std::copy(from, from + n, to);
    return insertion_sort_by_key(result_in_to ? to : from, n, key);
  }
  const auto differing = differing_bits(from, n, key);
  if (differing == 0) {
    if (result_in_to) std::copy(from, from + n, to);
    return;
  }
  const radix_digit digit(differing, static_cast<int>(std::bit_width(n)) - 3);
  std::array<std::size_t, most_buckets> ends;  // NOLINT: only the digit's buckets are used
  std::fill_n(ends.begin(), digit.buckets(), std::size_t{0});
  for (std::size_t i = 0; i < n; ++i) ++ends[digit.of(key(from[i]))];
  std::size_t total = 0;
  for (std::size_t d = 0; d < digit.buckets(); ++d) total += std::exchange(ends[d], total);
  for (std::size_t i = 0; i < n; ++i) to[ends[digit.of(key(from[i]))]++] = from[i];

  std::size_t begin = 0;
  for (std::size_t d = 0; d < digit.buckets(); ++d) {
    const std::size_t end = ends[d];
    if (end > begin && digit.shift > 0)
      radix_sort_here(to + begin, from + begin, end - begin, key, !result_in_to);
    else if (!result_in_to)
      std::copy(to + begin, to + end, from + begin);
    begin = end;
  }
}

/// A radix sort by the most significant digit first, out of place and stable:
/// the first digits are dealt out in parallel, over blocks that depend on the
/// length alone; the buckets, about as large as the L2 cache, are then sorted each
/// by one worker. A bucket that holds much of all (few distinct keys) is dealt
/// out in parallel again. After M. Zagha and G. Blelloch, "Radix sort for vector
/// multiprocessors", 1991.
template <class T, class Key>
class radix_sorter {
 public:
  radix_sorter(const sort_loops& loops, const Key& key, std::size_t length)
      : loops_(loops), key_(key), large_(std::max(sort_block, length / 8)) {}

  /// Sorts n elements of `from`. Stopped, it only sees to it that none is lost.
  void sort(T* from, T* to, std::size_t n, bool result_in_to) const {
    const auto differing = loops_.should_stop() ? U{0} : differing_in_parallel(from, n);
    if (differing == 0) {
      if (result_in_to) copy_in_parallel(loops_, from, to, n);
      return;
    }
    const int wanted = std::max(8, static_cast<int>(std::bit_width(n * sizeof(T))) - 16);
    const radix_digit digit(differing, wanted);
    const std::vector<std::size_t> begins = deal(from, to, n, digit);
    sort_small(from, to, begins, digit.shift, result_in_to);
    for (std::size_t d = 0; d < digit.buckets(); ++d)
      if (is_large(begins, d))
        sort(to + begins[d], from + begins[d], begins[d + 1] - begins[d], !result_in_to);
  }

 private:
  using U = std::remove_cvref_t<std::invoke_result_t<const Key&, const T&>>;

  bool is_large(const std::vector<std::size_t>& begins, std::size_t d) const {
    return begins[d + 1] - begins[d] > large_;
  }

  U differing_in_parallel(const T* data, std::size_t n) const {
    const sort_blocks blocks{n, sort_block};
    std::vector<U> parts(blocks.count());
    loops_.each(parts.size(), [&](std::size_t b) {
      const T* at = data + blocks.begin(b);
      parts[b] = static_cast<U>(differing_bits(at, blocks.end(b) - blocks.begin(b), key_) |
                                (key_(*at) ^ key_(data[0])));
    });
    U all = 0;
    for (const U part : parts) all = static_cast<U>(all | part);
    return all;
  }

  /// Counts in blocks, then moves every element to its bucket of `to`. Returns where buckets begin.
  std::vector<std::size_t> deal(const T* from, T* to, std::size_t n, const radix_digit& digit) const {
    const sort_blocks blocks{n, std::max(sort_block, n / 32)};
    std::vector<std::size_t> counts(blocks.count() * digit.buckets());
    loops_.each(blocks.count(), [&](std::size_t b) {
      std::size_t* mine = counts.data() + b * digit.buckets();
      for (std::size_t i = blocks.begin(b); i < blocks.end(b); ++i) ++mine[digit.of(key_(from[i]))];
    });
    const std::vector<std::size_t> begins = offsets_of(counts, digit.buckets(), n);
    loops_.each(blocks.count(), [&](std::size_t b) {
      std::size_t* mine = counts.data() + b * digit.buckets();
      for (std::size_t i = blocks.begin(b); i < blocks.end(b); ++i)
        to[mine[digit.of(key_(from[i]))]++] = from[i];
    });
    return begins;
  }

  /// Turns counts into places: bucket by bucket, and in each block by block.
  static std::vector<std::size_t> offsets_of(std::vector<std::size_t>& counts, std::size_t buckets,
                                             std::size_t n) {
    std::vector<std::size_t> begins(buckets + 1, n);
    std::size_t total = 0;
    for (std::size_t d = 0; d < buckets; ++d) {
      begins[d] = total;
      for (std::size_t at = d; at < counts.size(); at += buckets) total += std::exchange(counts[at], total);
    }
    return begins;
  }

  void sort_small(T* from, T* to, const std::vector<std::size_t>& begins, int bits_left,
                  bool result_in_to) const {
    loops_.each(begins.size() - 1, [&](std::size_t d) {
      const std::size_t begin = begins[d], n = begins[d + 1] - begin;
      if (n == 0 || is_large(begins, d)) return;
      if (bits_left > 0 && !loops_.should_stop())
        radix_sort_here(to + begin, from + begin, n, key_, !result_in_to);
      else if (!result_in_to)
        std::copy(to + begin, to + begin + n, from + begin);
    });
  }

  const sort_loops& loops_;
  const Key& key_;
  std::size_t large_;
};

/// Sorts by key(element), an unsigned number; stable. T is trivially copyable.
template <class T, class Key>
void radix_sort(T* data, std::size_t n, const Key& key, const loop_options& options) {
  const sort_loops loops(options);
  loops.check();
  if (all_neighbours(loops, n, [&](std::size_t i) { return !(key(data[i + 1]) < key(data[i])); })) return;
  if (all_neighbours(loops, n, [&](std::size_t i) { return key(data[i + 1]) < key(data[i]); }))
    return reverse_in_parallel(loops, data, n);
  huge_vector<T> other(n);
  if (n <= sort_block / 8)
    radix_sort_here(data, other.data(), n, key, false);
  else
    radix_sorter<T, Key>(loops, key, n).sort(data, other.data(), n, false);
  loops.check();
}

}  // namespace polyloop::detail
