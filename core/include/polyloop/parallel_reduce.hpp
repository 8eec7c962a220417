#pragma once

#include <algorithm>
#include <concepts>
#include <utility>
#include <vector>

#include "polyloop/detail/blocks.hpp"
#include "polyloop/detail/guarded.hpp"
#include "polyloop/monoid.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop {

/// Combines the values of blocks of indices: block(first, last) gives the value
/// of the indices [first, last), which is never empty. For kernels that have a
/// faster way through a block than one element at a time; see parallel_reduce.
/// What fails and what is retried, by the policy of `options`, is a block.
template <std::integral I, monoid M, class Block>
requires std::invocable<const Block&, index_t, index_t>
typename M::value_type parallel_reduce_blocks(I n, const M& combine, const Block& block,
                                              const loop_options& options = {}) {
  using T = typename M::value_type;
  const index_t count = detail::checked_count(n, "n");
  if (count == 0) return combine.identity();
  const index_t size = detail::block_size(count);
  const index_t blocks = count / size + (count % size != 0);
  std::vector<detail::partial<T>> parts(static_cast<std::size_t>(blocks),
                                        detail::partial<T>{combine.identity()});

  const auto fill = [&block, out = parts.data(), size, count](index_t b) {
    const index_t first = b * size;
    out[b].value = block(first, size < count - first ? first + size : count);
  };
  const loop_result result =
      detail::launch(blocks, detail::each_index<index_t, decltype(fill)>{fill}, options, size);
  if (!result.finished()) throw stopped(std::min(result.iterations * size, count));
  return detail::combine_tree(parts, combine);
}

namespace detail {

template <std::integral I, monoid M, class Transform>
typename M::value_type reduce_elements(I n, const M& combine, const Transform& transform,
                                       const loop_options& options) {
  using T = typename M::value_type;
  const auto block = [&transform, &combine](index_t first, index_t last) {
    held<Transform> value = transform;
    T total = value(static_cast<I>(first));
    for (index_t i = first + 1; i < last; ++i) total = combine(std::move(total), T(value(static_cast<I>(i))));
    return total;
  };
  return parallel_reduce_blocks(n, combine, block, options);
}

}  // namespace detail

/// Combines transform(i) for i = 0 .. n - 1, in the order of i, with an
/// associative operation:
///
///     double norm = parallel_reduce(n, sum<double>{}, [&](index_t i) { return x[i] * x[i]; });
///
/// The result depends on n and the values only: the range is cut into blocks
/// by a rule of n alone (detail::block_size), each block is combined from left
/// to right, and the blocks in a fixed binary tree. Same bits on every
/// backend, with any schedule and any number of workers. Beyond one block the
/// combination is pairwise, which keeps the rounding error of a sum low
/// (N. Higham, "The accuracy of floating point summation", 1993).
///
/// O(n) work, O(n / block) memory for the partial values. Errors, nesting and
/// thread-safety as for parallel_for; a policy of `options` is about single elements. Throws stopped when the stop token or
/// the deadline of `options` ended it early.
template <std::integral I, monoid M, class Transform>
requires std::invocable<const Transform&, I>
typename M::value_type parallel_reduce(I n, const M& combine, const Transform& transform,
                                       const loop_options& options = {}) {
  const error_policy* const policy = options.errors.get();
  if (policy == nullptr) return detail::reduce_elements(n, combine, transform, options);
  const auto reduce = [&](detail::error_handler& handler, const loop_options& rest) {
    return detail::reduce_elements(n, combine, detail::guarded<M, Transform>{combine, transform, handler}, rest);
  };
  return detail::with_policy(*policy, options, detail::checked_count(n, "n"), reduce);
}

}  // namespace polyloop
