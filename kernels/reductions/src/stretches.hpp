#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <vector>

#include "polyloop/parallel_reduce.hpp"
#include "polyloop/reductions/input.hpp"

/// Every reduction goes through its input in stretches that stay in the first-level cache, each a call
/// of a SIMD function; the stretches are combined as parallel_reduce combines elements. The rule is one of
/// the length alone, and does not see where the elements come from.
namespace polyloop::reductions {

using detail::input;

inline constexpr std::size_t stretch_bytes = 16 << 10;

/// For loops that do little with each element and read it once: twice as long or more. The memory waits where
/// a stretch is folded and the next begins: .94 of the speed of reading 1e8 doubles in stretches of 16 KiB,
/// .99 in those of 64 KiB, and of floats in those of 32 KiB.
template <class T>
inline constexpr std::size_t long_stretch_bytes = 8192 * sizeof(T);

/// Elements in a stretch of so many bytes.
template <class T, std::size_t Bytes = stretch_bytes>
inline constexpr index_t stretch_size = static_cast<index_t>(Bytes / sizeof(T));

constexpr index_t stretch_count(index_t n, index_t size) {
  return n / size + (n % size != 0);
}

/// The elements of a stretch, and where it begins.
template <class T>
struct stretch {
  const T* data;
  std::size_t size;
  index_t first;
};

/// visit(stretch) for the stretches [from, to) of x, in order.
template <std::size_t Bytes = stretch_bytes, class T, class Visit>
void for_stretches(const input<T>& x, index_t from, index_t to, const Visit& visit) {
  constexpr index_t size = stretch_size<T, Bytes>;
  T scratch[size];
  for (index_t s = from; s < to; ++s) {
    const index_t first = s * size;
    const index_t count = std::min(size, x.size() - first);
    visit(stretch<T>{x.read(first, count, scratch), static_cast<std::size_t>(count), first});
  }
}

/// The values of all stretches from `from` to `to`, combined in order.
template <std::size_t Bytes, class T, class M, class Each>
typename M::value_type combined_stretches(const input<T>& x, const M& combine, const Each& each, index_t from,
                                          index_t to) {
  auto total = combine.identity();
  for_stretches<Bytes>(x, from, to, [&](const stretch<T>& part) {
    total = part.first == from * stretch_size<T, Bytes> ? each(part) : combine(std::move(total), each(part));
  });
  return total;
}

/// each(stretch) of all stretches combined, in parallel.
template <std::size_t Bytes = stretch_bytes, class T, class M, class Each>
typename M::value_type reduce(const input<T>& x, const M& combine, const Each& each,
                              const loop_options& options) {
  const auto block = [&](index_t from, index_t to) {
    return combined_stretches<Bytes>(x, combine, each, from, to);
  };
  return parallel_reduce_blocks(stretch_count(x.size(), stretch_size<T, Bytes>), combine, block, options);
}

/// The values of stretches combined by this thread; the same bits as by reduce().
template <class M, class Value>
typename M::value_type reduce_here(index_t stretches, const M& combine, const Value& value) {
  if (stretches == 0) return combine.identity();
  const index_t size = polyloop::detail::block_size(stretches);
  std::vector<polyloop::detail::partial<typename M::value_type>> parts;
  parts.reserve(static_cast<std::size_t>(stretch_count(stretches, size)));
  for (index_t first = 0; first < stretches; first += size) {
    auto total = value(first);
    for (index_t s = first + 1; s < std::min(first + size, stretches); ++s)
      total = combine(std::move(total), value(s));
    parts.push_back({std::move(total)});
  }
  return polyloop::detail::combine_tree(parts, combine);
}

/// The same for an input.
template <std::size_t Bytes = stretch_bytes, class T, class M, class Each>
typename M::value_type reduce_here(const input<T>& x, const M& combine, const Each& each) {
  return reduce_here(stretch_count(x.size(), stretch_size<T, Bytes>), combine,
                     [&](index_t s) { return combined_stretches<Bytes>(x, combine, each, s, s + 1); });
}

}  // namespace polyloop::reductions
